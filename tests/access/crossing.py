"""Requests that one school's people and keys make with what is another one's: made by dice, told by marks."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from accounts.school_site import school as school_site
from classrooms.api.urls import urlpatterns as operations
from tenants.scope import every_tenant
from tests.access.schools import WORD, Asker, School, every_row
from tests.access.sums import sum_of, tables, written
from tests.access.walk import (
    API,
    PARAMETER,
    SCHOOL,
    addresses,
    content_of,
    deeds,
    filled,
    form_of,
    row_of,
    undone,
    values,
)

# Whoever has the secret may come, at its own host only.
BEARERS = ("join/", "enter/", "calendar/", "password/")
AWAY = 502  # a school's own sign-in is at a server that is not there
ID = re.compile(r"[0-9a-f]{32}")
IDS = {  # parameters and fields of the API, and what of a school they name
    "public_id": ("course", "scheduled", "live", "over", "webhook", "recording", "material"),
    "course": ("course",),
    "session": ("live", "over", "scheduled"),
    "participant": ("teacher_here", "student_here", "barred"),
    "material": ("material",),
    "recording": ("recording", "binned", "running"),
    "event": ("told",),
}
PEOPLE = ("teacher", "user", "member", "lead")
ASKED = (
    "course", "teacher", "user", "session", "q", "search", "cursor", "sort",
    "external_id", "state", "from",
)  # fmt: skip
LOOKUPS = (
    "tenant__slug", "tenant__id__exact", "tenant__name__contains", "id__in", "pk", "public_id__startswith",
    "course__id__exact", "course__title__contains", "course__tenant__name__contains", "o", "session__tenant",
    "membership__user__email", "session__title__startswith", "member__user__name__contains",
    "teacher__user__email",
)  # fmt: skip


class Crossing:
    """`ours` asks, `theirs` must never be told of or changed. Each step is undone."""

    def __init__(self, ours: School, theirs: School, seed: int) -> None:
        self.ours, self.theirs = ours, theirs
        self.dice = random.Random(seed)
        self.pages, self.deeds = addresses(SCHOOL), deeds(SCHOOL)
        models = [model._meta for model in school_site._registry]
        self.lists = [f"admin/{model.app_label}/{model.model_name}/" for model in models]
        self.operations = [str(each.pattern) for each in operations][:-1]
        self.ids = set(ids_of(theirs))
        self.before = sum_of(theirs)
        self.counts: dict[str, int] = {}
        self.statuses: dict[int, int] = {}

    def step(self) -> list[str]:
        """One request. What is wrong with its answer."""
        kind = self.dice.choice([self.page, self.page, self.at_theirs, self.operation, self.operation,
                                 self.operation_there, self.admin, self.admin])  # fmt: skip
        self.counts[kind.__name__] = self.counts.get(kind.__name__, 0) + 1
        asker, verb, path, form, headers = kind()
        cookies = deepcopy(asker.browser.cookies)
        try:
            with undone(), written() as statements:
                answer = asker.ask(verb, path, form, **headers)
                sent = f"{path} {form!r} {headers}"
                self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
                wrong = list(self.faults(asker, answer, sent))
                if statements.statements and sum_of(self.theirs) != self.before:
                    wrong.append("a row of theirs was changed")
        except Exception as error:  # a fault of ours: told with what was asked
            wrong = [f"{type(error).__name__}: {error}"]
        asker.browser.cookies = cookies
        return [f"{verb} {asker.host}{path} {form!r}: {each}" for each in wrong]

    def faults(self, asker: Asker, answer: HttpResponse, sent: str) -> Iterator[str]:
        told = content_of(answer).decode("utf8", "replace") + str(dict(answer.headers)) + str(answer.cookies)
        if answer.status_code >= 500 and answer.status_code != AWAY:
            yield f"answered with {answer.status_code}"
        if self.theirs.mark in told.replace(self.theirs.public, ""):
            yield "what was theirs was told"
        if asker.host == self.ours.host and self.theirs.public in told:
            yield "their name was told"
        yield from (
            f"the id {each} was told" for each in set(ID.findall(told)) & self.ids if each not in sent
        )

    # Who asks for what

    def somebody(self) -> Asker:
        return self.dice.choice(list(self.ours.people.values()))

    def school(self) -> School:
        return self.theirs if self.dice.random() < 0.8 else self.ours

    def page(self) -> tuple[Any, ...]:
        """A page, form or file at our own host, with their ids, some or all."""
        asker, address = self.somebody(), self.dice.choice(self.pages)
        ids = values(address, self.theirs, None)
        mine = values(address, self.ours, asker.member)
        for name in ids:
            if len(ids) > 1 and self.dice.random() < 0.4:
                ids[name] = mine[name]
        verb, form = self.verb(), {}
        if verb == "POST":
            form = form_of(address, self.theirs) or self.form()
        return asker, verb, filled(address, ids) + self.query(), form, {}

    def at_theirs(self) -> tuple[Any, ...]:
        """With our cookies at their host."""
        address = self.dice.choice([each for each in self.pages if not each.startswith(BEARERS)])
        asker = self.somebody().at(self.theirs.host)
        who = self.dice.choice([asker.member, self.theirs.member("student"), self.theirs.member("teacher")])
        path = filled(address, values(address, self.theirs, who))
        return asker, self.verb(), path + self.query(), form_of(address, self.theirs) or self.form(), {}

    def operation(self) -> tuple[Any, ...]:
        """Of the API, with a key of ours, or a browser's sign-in."""
        asker = self.somebody()
        if self.dice.random() < 0.6:
            key = self.ours.secrets[self.dice.choice(["key", "student_key"])]
            asker = Asker(self.ours.host, key=key)
        return self.called(asker)

    def operation_there(self) -> tuple[Any, ...]:
        """Of the API at their host, with a key or a cookie of ours."""
        asker, verb, path, form, headers = self.operation()
        return asker.at(self.theirs.host), verb, path, form, headers

    def called(self, asker: Asker) -> tuple[Any, ...]:
        pattern = self.dice.choice(self.operations)
        path = "/" + API + PARAMETER.sub(lambda found: self.named(found[1]), pattern)
        verb = self.dice.choice(["GET", "GET", "POST", "PATCH", "DELETE"])
        body = json.dumps(self.body()).encode() if verb in ("POST", "PATCH") else None
        headers = {}
        if self.dice.random() < 0.3:
            headers["HTTP_IDEMPOTENCY_KEY"] = f"once-{self.theirs.mark}"
        if self.dice.random() < 0.2:
            headers["HTTP_IF_MATCH" if verb != "GET" else "HTTP_IF_NONE_MATCH"] = (
                f'"{self.named("public_id")}"'
            )
        return asker, verb, path + self.query(), body, headers

    def admin(self) -> tuple[Any, ...]:
        """Lists with lookups, choices as one types, bulk actions and forms that name rows of theirs."""
        asker = self.ours.people[self.dice.choice(["owner", "admin"])]
        place = self.dice.choice(self.lists)
        match self.dice.randrange(5):
            case 0:
                return asker, "GET", f"/{place}?{urlencode(self.lookups())}", None, {}
            case 1:
                return asker, "GET", f"/admin/autocomplete/?{urlencode(self.typed())}", None, {}
            case 2:
                address = self.dice.choice(self.deeds)
                return asker, "POST", filled(address, {}), form_of(address, self.school()), {}
            case 3:
                return asker, "POST", f"/{place}add/", self.form(), {}
            case _:
                app, model = place.strip("/").split("/")[1:]
                row = row_of(app, model, self.school())
                end = self.dice.choice(["change/", "delete/", "history/", ""])
                return asker, self.verb(), f"/{place}{row}/{end}{self.query()}", self.form(), {}

    # What is sent

    def verb(self) -> str:
        return self.dice.choice(["GET", "GET", "GET", "POST", "POST", "PUT", "DELETE"])

    def named(self, parameter: str) -> str:
        school = self.school()
        if parameter in IDS:
            found: str = school.rows[self.dice.choice(IDS[parameter])].public_id
            return found
        fixed = {"slug": school.tenant.slug, "kind": "video"}
        if parameter in fixed:
            return fixed[parameter]
        return school.member(self.dice.choice(["owner", "teacher", "student"])).public_id

    def row(self) -> int:
        """The key of any row of theirs."""
        named = [each.pk for each in self.theirs.rows.values() if hasattr(each, "pk")]
        return int(self.dice.choice([*named, *(each.member.pk for each in self.people())]))

    def people(self) -> list[Any]:
        return [each for each in self.theirs.people.values() if each.member]

    def query(self) -> str:
        if self.dice.random() < 0.5:
            return ""
        return "?" + urlencode(
            {self.dice.choice(ASKED): self.asked() for _ in range(self.dice.randint(1, 3))}
        )

    def asked(self) -> str:
        public = self.named(self.dice.choice([*IDS, *PEOPLE]))
        return self.dice.choice([public, WORD, str(self.row()), self.theirs.tenant.slug, "-title"])

    def lookups(self) -> dict[str, str]:
        value = [str(self.row()), WORD, self.theirs.tenant.slug, str(self.theirs.tenant.pk), "pub", "1"]
        asked = {self.dice.choice(LOOKUPS): self.dice.choice(value) for _ in range(self.dice.randint(1, 3))}
        more = [{}, {"q": WORD}, {"_popup": "1"}, {"_to_field": "id", "_popup": "1"}, {"all": ""}]
        return asked | self.dice.choice(more)

    def typed(self) -> dict[str, str]:
        models = (
            ("enrolment", "course"),
            ("enrolment", "membership"),
            ("classsession", "teacher"),
            ("apikey", "member"),
        )
        model, field = self.dice.choice(models)
        term = self.dice.choice([WORD, "", "student", "pub"])
        return {"app_label": "classrooms", "model_name": model, "field_name": field, "term": term}

    def form(self) -> dict[str, Any]:
        """Fields of pages, as ids or as keys, in words that would be taken."""
        rows = ("course", "membership", "member", "teacher", "session", "tenant", "user", "guests-0-id")
        public = ("members", "public_id", "end", "remove", "enrolment", "link", "recording")
        form: dict[str, Any] = {"title": "Forged", "name": "Forged", "role": "student", "entry": "enrolled"}
        form |= {
            "starts_at_0": "2026-11-30",
            "starts_at_1": "12:00",
            "ends_at_0": "2026-11-30",
            "ends_at_1": "12:45",
        }
        form |= {name: self.row() for name in self.dice.sample(rows, 4)}
        return form | {name: self.named("user") for name in self.dice.sample(public, 3)}

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "title": "Forged",
            "name": "Forged",
            "role": "student",
            "wanted": "on",
            "what": "mic",
        }
        body |= {"starts_at": "2026-11-30T12:00:00Z", "ends_at": "2026-11-30T12:45:00Z"}
        for name in self.dice.sample([*IDS, *PEOPLE, "external_id"], 4):
            body[name] = self.named(name)
        return body


@every_tenant()
def ids_of(school: School) -> list[str]:
    """All that its rows are called by outside."""
    named = [
        each for each in tables() if any(field.name == "public_id" for field in each._meta.concrete_fields)
    ]
    return [name for model in named for name in every_row(school, model).values_list("public_id", flat=True)]
