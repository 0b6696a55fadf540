"""Every address there is, found by looking through the URLs, and filled with what a school has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Membership
from accounts.school_site import school as school_site
from classrooms.recorded.downloads import download_link
from classrooms.recorded.playback import link_to, signed_link
from tenants.scope import every_tenant
from tests.access.schools import Asker, School, every_row

SCHOOL, BASE = "aula.school_urls", "aula.urls"
SITES = {SCHOOL: school_site, BASE: admin.site}
UNKNOWN, UNKNOWN_ROW = "0" * 32, "999999999"
API = "api/v1/"  # everybody there: tests/api/test_matrix.py
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
IN_ADMIN = re.compile(r"admin/(\w+)/(\w+)/")


def addresses(urls: str) -> list[str]:
    """As in “c/<public_id>/room/”, each once; without those of the API."""
    found = dict.fromkeys(spelled(get_resolver(urls).url_patterns))
    return [each for each in found if not each.startswith(API)]


def spelled(patterns: list[Any], start: str = "") -> Iterator[str]:
    for each in patterns:
        part = start + PARAMETER.sub(r"<\1>", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from spelled(each.url_patterns, part)
        else:
            assert isinstance(each, URLPattern)
            yield from _plain(part)


def _plain(address: str) -> Iterator[str]:
    """Django admin has two addresses as regular expressions: one for each app, and one for all else."""
    apps = re.fullmatch(r"(.*)\^\(\?P<app_label>(.*)\)/\$", address)
    if apps:
        yield from (f"{apps[1]}{app}/" for app in apps[2].split("|"))
    else:
        yield address.replace("(?P<url>.*)$", "nothing/there/")


def deeds(urls: str) -> list[str]:
    """Bulk actions of every list in the admin, as in “admin/classrooms/course/?action=delete_selected”."""
    found = []
    for model, page in SITES[urls]._registry.items():
        list_of = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [f"{list_of}?action={name}" for _, name, _ in page._get_base_actions()]  # type: ignore[attr-defined]
    return found


Make = Callable[[School, Membership], Any]


def of(name: str, attribute: str = "public_id") -> Make:
    return lambda school, who: getattr(school.rows[name], attribute)


def secret(name: str) -> Make:
    return lambda school, who: school.secrets[name]


def ticket(link: Callable[[School, Membership], str]) -> Make:
    """A signed link is for one person: whoever has none of their own brings the student's."""
    return lambda school, who: link(school, who).strip("/").split("/")[-1]


MAKERS: dict[str, dict[str, Make]] = {  # by the beginning of an address; the longest holds
    "words/": {"language": lambda school, who: "de"},
    "password/": {"uidb64": lambda school, who: "MQ", "token": lambda school, who: "set-password"},
    "account/security/passkeys/": {"pk": of("passkey", "pk")},
    "courses/": {"public_id": of("course")},
    "series/": {"public_id": of("series")},
    "calendar/": {"secret": secret("student_feed")},
    "join/": {"token": secret("link")},
    "enter/": {"secret": secret("join")},
    "c/": {"public_id": of("live"), "kind": lambda school, who: "csv"},
    "c/<public_id>/attendance/sign-off/": {"public_id": of("over")},
    "c/<public_id>/edit/": {"public_id": of("scheduled")},
    "c/<public_id>/cancel/": {"public_id": of("scheduled")},
    "c/<public_id>/materials/": {"material": of("material")},
    "c/<public_id>/guest/materials/": {"material": of("material")},
    "c/<public_id>/guests/": {"link": of("link")},
    "c/<public_id>/recordings/": {
        "public_id": of("over"),
        "recording": of("recording"),
        "mark": of("chapter"),
        "captions": of("captions"),
    },
    "c/<public_id>/recordings/now/": {"public_id": of("live")},
    "c/<public_id>/recordings/<recording>/restore/": {"recording": of("binned")},
    "recorded/storyboard/": {
        "recording": of("recording"),
        "ticket": ticket(lambda school, who: link_to("recorded-storyboard", school.recording.public_id, who)),
    },
    "recorded/captions/": {
        "captions": of("captions"),
        "ticket": ticket(lambda school, who: link_to("recorded-captions", school.captions.public_id, who)),
    },
    "recorded/": {
        "track": of("track"),
        "ticket": ticket(lambda school, who: signed_link(school.track, who)),
    },
    "downloads/": {
        "download": of("download"),
        "ticket": ticket(lambda school, who: download_link(school.download, who)),
    },
    "admin/r/": {"content_type_id": lambda school, who: content_type(), "object_id": of("course", "pk")},
    "admin/accounts/user/": {"id": lambda school, who: who.user_id},
    "admin/tenants/tenant/": {"pk": lambda school, who: school.tenant.pk},
}


def content_type() -> int:
    from classrooms.models import Course

    return int(ContentType.objects.get_for_model(Course).pk)


def makers_of(address: str) -> dict[str, Make]:
    makers: dict[str, Make] = {}
    for beginning in sorted(MAKERS, key=len):
        if address.startswith(beginning):
            makers |= MAKERS[beginning]
    if (page := IN_ADMIN.match(address)) and page[1] != "r":
        makers["object_id"] = lambda school, who: row_of(page[1], page[2], school)
    return makers


def row_of(app: str, model: str, school: School) -> Any:
    """The key of a row of the school."""
    found = ContentType.objects.get(app_label=app, model=model).model_class()
    if model == "tenant":
        return school.tenant.pk
    if model == "user":
        return school.member("student").user_id
    if model == "membership":
        return school.member("student").pk
    if model in school.rows:
        return school.rows[model].pk
    with every_tenant():
        return every_row(school, found).order_by("pk").first().pk


def values(address: str, school: School, who: Membership | None) -> dict[str, str]:
    """What stands in the address for `who`, by parameter. An address nobody has declared values for fails."""
    makers, somebody = makers_of(address), who or school.member("student")
    names = PARAMETER.findall(address)
    missing = [name for name in names if name not in makers]
    assert not missing, f"{address}: say in MAKERS what {missing} may be"
    return {name: str(makers[name](school, somebody)) for name in names}


def filled(address: str, told: dict[str, str]) -> str:
    return "/" + PARAMETER.sub(lambda found: told[found[1]], address.partition("?")[0])


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


REPORT = b'{"findings": [{"what": "udp", "verdict": "good", "words": "Ready"}]}'
FORMS: dict[str, Callable[[], Any]] = {  # what is sent where an empty form would say nothing
    "language/": lambda: {"language": "de"},
    "join/<token>/": lambda: {"name": "Gwen"},
    "check/report/": lambda: REPORT,
    "c/<public_id>/trouble/": lambda: REPORT,
    "c/<public_id>/recordings/<recording>/seen/": lambda: b'{"seen": [[0, 5]]}',
    "c/<public_id>/recordings/<recording>/chapters/": lambda: {"at": "1", "title": "Anaphase"},
    "c/<public_id>/recordings/<recording>/chapters/<mark>/": lambda: {"title": "Anaphase"},
    "c/<public_id>/recordings/<recording>/captions/": lambda: {
        "language": "de",
        "file": file("de.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHallo\n"),
    },
}


def form_of(address: str, school: School) -> Any:
    if "?action=" in address:
        app, model = IN_ADMIN.match(address).groups()  # type: ignore[union-attr]
        action = address.partition("=")[2]
        return {"action": action, "_selected_action": [row_of(app, model, school)], "post": "yes"}
    if address.startswith("admin/") and address.endswith("/delete/"):
        return {"post": "yes"}
    return FORMS.get(address, dict)()


@contextmanager
def undone() -> Iterator[None]:
    """What is asked inside has never happened; nobody has asked too often."""
    with transaction.atomic():
        try:
            yield
        finally:
            cache.clear()
            transaction.set_rollback(True)


def word(answer: HttpResponse) -> str:
    """The status; `in`: to a sign-in page."""
    if answer.status_code == 302 and answer.headers["Location"].startswith(("/sign-in/", "/admin/login/")):
        return "in"
    return str(answer.status_code)


def content_of(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def asked(asker: Asker, verb: str, address: str, school: School) -> HttpResponse:
    """The answer to somebody about a row of the school. The browser keeps the cookies that it had."""
    path = filled(address, values(address, school, asker.member))
    cookies = deepcopy(asker.browser.cookies)
    with undone():
        answer = asker.ask(verb, path, form_of(address, school) if verb == "POST" else None)
        answer.told = content_of(answer)
    asker.browser.cookies = cookies
    return answer
