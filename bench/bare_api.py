"""The API's lists and rows in bare Django views, and both measured by turns: `bench api` starts it.

`python -m bench.bare_api USERS SESSIONS ROUNDS` → [{"operation", "questions", "octets", "ours", "bare"}, …],
milliseconds of CPU time.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from accounts.models import Membership  # noqa: E402
from bench.fill import NOON, fill  # noqa: E402
from classrooms.api.paging import USUAL  # noqa: E402
from classrooms.keys import SCOPES, digest_of, make_key  # noqa: E402
from classrooms.models import ApiKey, ClassSession, Course  # noqa: E402
from tenants.models import Tenant  # noqa: E402
from tenants.scope import tenant_scope  # noqa: E402

HOST = "school0.localhost"
API = "/api/v1/"
Told = Callable[[HttpRequest, Any], dict[str, Any]]


def moment(at: datetime | None) -> str | None:
    return at and at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def session(request: HttpRequest, row: ClassSession) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "course": row.course.public_id,
        "title": row.title,
        "teacher": row.teacher.public_id,
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
        "entry": row.entry,
        "state": row.state,
        "started_at": moment(row.started_at),
        "ended_at": moment(row.ended_at),
        "series": row.series and row.series.public_id,
        "url": request.build_absolute_uri(f"/c/{row.public_id}/"),
    }


def user(request: HttpRequest, row: Membership) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.user.name,
        "email": row.user.email,
        "external_id": row.external_id,
        "time_zone": row.user.time_zone,
        "created_at": moment(row.created_at),
    }


def course(request: HttpRequest, row: Course) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "title": row.title,
        "description": row.description,
        "records": row.records,
        "created_at": moment(row.created_at),
    }


KINDS: dict[str, tuple[Callable[[], QuerySet[Any]], str, Told]] = {
    "sessions": (
        lambda: ClassSession.objects.select_related("course", "teacher", "series"),
        "starts_at",
        session,
    ),
    "users": (lambda: Membership.objects.select_related("user"), "user__name", user),
    "courses": (lambda: Course.objects.filter(pk__in=Course.objects.values("pk")), "title", course),
}


def view(request: HttpRequest, kind: str, public_id: str = "") -> HttpResponse:
    rows, order, told = KINDS[kind]
    school = Tenant.objects.get(slug=request.get_host().partition(".")[0], is_active=True)
    with tenant_scope(school):
        secret = request.headers["Authorization"].removeprefix("Bearer ")
        keys = ApiKey.objects.select_related("member__user", "member__tenant")
        if keys.get(prefix=secret.split("_")[1]).digest != digest_of(secret):
            return HttpResponse(status=401)
        if public_id:
            return JsonResponse(told(request, rows().get(public_id=public_id)))
        page = list(rows().order_by(order, "pk")[: USUAL + 1])[:USUAL]
        return JsonResponse({"results": [told(request, row) for row in page]})


urlpatterns = [path("<kind>/", view), path("<kind>/<public_id>/", view)]


def at_home(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """All the middleware there is: the addresses are those above."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__ if __name__ != "__main__" else "bench.bare_api"
        return answer(request)

    return middleware


def measured(rounds: int) -> list[dict[str, Any]]:
    school = Tenant.objects.get(slug="school0")
    with tenant_scope(school):
        owner = Membership.objects.get(role="owner")
        _, key = make_key(member=owner, name="Bench", scopes=SCOPES, expires_at=None, by=owner, at=NOON)
        ones = {kind: rows().order_by("pk")[0].public_id for kind, (rows, _, _) in KINDS.items()}
    headers = {"HTTP_HOST": HOST, "HTTP_AUTHORIZATION": f"Bearer {key}"}
    ours, bare = Client(**headers), Client(**headers)
    with override_settings(MIDDLEWARE=["bench.bare_api.at_home"]):
        bare.get("/courses/")  # keeps this chain
    found = []
    for address in [part for kind, one in ones.items() for part in (f"{kind}/", f"{kind}/{one}/")]:
        asks = {"ours": (ours, API + address), "bare": (bare, f"/{address}")}
        contents, questions = {}, {}
        for name, (browser, where) in asks.items():
            browser.get(where)
            with CaptureQueriesContext(connection) as captured:
                contents[name] = browser.get(where).json()
            questions[name] = len(captured)
        assert told(contents["ours"]) == told(contents["bare"]), address
        assert len(set(questions.values())) == 1, (address, questions)
        took: dict[str, list[float]] = {name: [] for name in asks}
        for _ in range(rounds):
            for name, (browser, where) in asks.items():
                spent = time.process_time()
                browser.get(where)
                took[name].append((time.process_time() - spent) * 1e3)
        found.append(
            {
                "operation": address if address.count("/") == 1 else f"{address.partition('/')[0]}/…/",
                "questions": questions["ours"],
                "octets": len(ours.get(API + address).content),
                **{name: statistics.median(each) for name, each in took.items()},
            }
        )
    return found


def told(content: Any) -> Any:
    return content.get("results", content)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    users_, sessions_, rounds_ = map(int, sys.argv[1:])
    call_command("migrate", verbosity=0)
    fill(1, users_, sessions_)
    print(json.dumps(measured(rounds_)))
