"""Log lines: for people, and as JSON."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from aula.logs import Json, Line, NoSecrets, Scope
from tenants.models import Tenant
from tenants.scope import tenant_scope


def record(message: str, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"name": "signaling.sfu.stages", "levelname": "INFO", "msg": message, **more}
    )


def test_facts_follow_the_message() -> None:
    line = Line().format(record("join", facts={"room": "demo.1", "participant": "PA_x", "ms": 12}))
    assert line.endswith("INFO signaling.sfu.stages: join room=demo.1 participant=PA_x ms=12")


def test_a_line_without_facts_is_as_ever() -> None:
    assert Line().format(record("media engine has stopped")).endswith("stages: media engine has stopped")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("two words", '"two words"'), ("", '""'), ("a=b", '"a=b"'), ("line\nfeed", '"line\\nfeed"'), (7, "7")],
)
def test_a_value_cannot_pass_for_another_fact_or_another_line(value: object, shown: str) -> None:
    assert Line().format(record("refused", facts={"why": value})).endswith(f"refused why={shown}")


def test_a_line_names_the_school_that_it_is_about(tenant: Tenant, other_tenant: Tenant) -> None:
    outside, inside, told = (record("refused", facts=facts) for facts in ({}, {"why": "x"}, {"tenant": "x"}))
    with tenant_scope(tenant):
        assert Scope().filter(inside)
        assert Scope().filter(told)
    assert Scope().filter(outside)
    assert Line().format(inside).endswith("refused tenant=demo why=x")
    assert Line().format(told).endswith("refused tenant=x")
    assert Line().format(outside).endswith("refused")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/enter/opensesame/", "/enter/…/"),
        ("/password/Mg/opensesame-1/", "/password/…/"),
        ("/join/opensesame/", "/join/…/"),
        ("/calendar/opensesame.ics", "/calendar/…"),
        ("/password/sent/", "/password/sent/"),
        ("/account/security/password/", "/account/security/password/"),
    ],
)
def test_what_opens_something_is_in_no_line(path: str, shown: str) -> None:
    line = record("Gone: %s", args=(path,))
    assert NoSecrets().filter(line)
    assert line.getMessage() == f"Gone: {shown}"


def test_for_machines_it_is_one_object_in_a_line() -> None:
    line = Json().format(record("join", created=0.0, facts={"participant": "PA_x", "ms": 12}))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "info",
        "logger": "signaling.sfu.stages",
        "event": "join",
        "participant": "PA_x",
        "ms": 12,
    }


def test_an_exception_is_part_of_the_object() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        line = Json().format(record("failed", exc_info=sys.exc_info()))
    assert "ValueError: broken" in json.loads(line)["exception"]
