"""A number of each of several query sets, all in one query: a page about many kinds of rows asks once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

Rows = QuerySet[Any, Any]


def counts(rows: Sequence[Rows]) -> list[int]:
    """How many rows each has."""
    return in_one("COUNT", [each.values("pk") for each in rows])


def in_one(function: str, columns: Sequence[Rows]) -> list[int]:
    """`COUNT` or `SUM` of query sets of one column each; 0 where there is no row."""
    if not columns:
        return []
    parts, parameters = [], []
    for each in columns:
        try:
            sql, told = each.order_by().query.get_compiler(each.db).as_sql()
        except EmptyResultSet:  # Django knows without asking
            parts.append("0")
            continue
        parts.append(f"(WITH one(value) AS ({sql}) SELECT {function}(value) FROM one)")  # noqa: S608
        parameters += told
    with connections[columns[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return [int(each or 0) for each in cursor.fetchone()]
