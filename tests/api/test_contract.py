"""schemathesis over the OpenAPI document: whatever is sent, no fault of ours, no answer but those documented.

Some examples of each operation every day; API_EXAMPLES=1000 (`make soak`) for many.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from classrooms.api.document import document
from tests.api.conftest import School, System, undone
from tests.api.test_matrix import TABLE
from tests.conftest import NOON

EXAMPLES = int(os.environ.get("API_EXAMPLES", "8"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]
WEB = get_wsgi_application()
FORGERY = "a" * 32


def pages(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The web process's pages, at the time of the tests."""
    answer: Iterable[bytes] = WEB(environ | {"aula.now": NOON}, start)
    return answer


SCHEMA = schemathesis.openapi.from_dict(json.loads(document()))
SCHEMA.app = pages


def headers_of(asker: System) -> dict[str, str]:
    """A key, or a cookie with its token."""
    if asker.key:
        return {"Authorization": f"Bearer {asker.key}"}
    session = asker.browser.cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={FORGERY}", "X-CSRFToken": FORGERY}


def real_ids(school: School) -> dict[str, str]:
    """What a body may name."""
    return {
        "course": school.course.public_id,
        "teacher": school.session.teacher.public_id,
        "user": school.classmate.member.public_id,
    }


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The requests are inside the test's transaction, as those of Django's test client are."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    yield
    for each in signals:
        each.connect(close_old_connections)


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")  # daphne is asynchronous
@pytest.mark.parametrize(("name", "verb"), list(TABLE), ids=lambda each: each)
def test_whatever_is_sent(
    name: str, verb: str, school: School, portal: System, operator: System, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.API_STRANGERS_PER_MINUTE = 10**9
    where = TABLE[name, verb][0](school)
    path = reverse(f"api-{name}", kwargs=where)
    label = path
    for key, value in where.items():
        label = label.replace(value, "{" + {"public_id": "id"}.get(key, key) + "}")
    asker = operator if name in ("tenants", "tenant") else portal
    # whatever stands in a form's field `file` is a file
    checks = [each for each in CHECKS if name != "materials" or each is not negative_data_rejection]
    try_out(SCHEMA[label][verb], asker, where, real_ids(school), checks)


def try_out(
    operation: Any, asker: System, where: dict[str, str], ids: dict[str, str], checks: list[Any]
) -> None:
    """With made-up ids and with real ones."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES < 100,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def one(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = {{"public_id": "id"}.get(key, key): value for key, value in where.items()}
            if isinstance(case.body, dict):
                case.body |= {key: ids[key] for key in ids if key in case.body}
        with undone():
            answer = case.call(base_url=f"http://{asker.host}", headers=headers_of(asker))
            case.validate_response(answer, checks=checks)

    one()
