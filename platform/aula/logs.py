"""How log lines look: a line for people, or JSON for machines (LOG_FORMAT). What a line is about comes in
`extra={"facts": {...}}`."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from django_scopes import get_scope


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    facts = getattr(record, "facts", {})
    return facts if isinstance(facts, dict) else {}


class Line(logging.Formatter):
    """`2026-11-22 10:00:00,000 INFO signaling.sfu.stages: join room=demo.1 participant=PA_x ms=12`"""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        pairs = (f" {name}={quoted(value)}" for name, value in facts_of(record).items())
        return super().formatMessage(record) + "".join(pairs)


class Json(logging.Formatter):
    """One object in a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **facts_of(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


SECRET_PATHS = re.compile(r"/(join|calendar|enter)/[^/\s]+|/(password)/[^/\s]+/[^/\s]+")


class NoSecrets(logging.Filter):
    """Takes what opens something out of the paths that Django names when it says no: guest links, links into
    a class, calendars, links to a new password."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(each) for each in record.args)
        return True


def without_secrets(value: object) -> object:
    return SECRET_PATHS.sub(r"/\1\2/…", value) if isinstance(value, str) else value


class Scope(logging.Filter):
    """Adds to the facts which school a line is about, from the scope that it is written in."""

    def filter(self, record: logging.LogRecord) -> bool:
        tenant = get_scope().get("tenant")
        if tenant is not None:
            record.facts = {"tenant": tenant.slug} | facts_of(record)
        return True


class Reference(logging.Filter):
    """Adds to the facts what the page that was answered said at its end (references.py)."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = getattr(getattr(record, "request", None), "reference", None)
        if said is not None:
            record.facts = facts_of(record) | {"reference": said}
        return True


def quoted(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if set(text) & set(' "=\n') or not text else text
