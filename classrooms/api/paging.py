"""Long lists in pages: each has the address of the next one, which stays right while rows come and go.

A page begins behind the last row of the one before (its sort field and its key), not after so many rows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

SALT = "classrooms.api.paging"
USUAL, MOST = 50, 200


class Pages(BasePagination):
    """For views with `sorts` (names that callers know → fields) and `sort` (the usual one). A field may not
    be empty in any row."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Raises ValidationError."""
        self.address = request.build_absolute_uri()
        self.size = read_size(request)
        self.sort = read_sort(request, view)
        name = self.sort.removeprefix("-")
        self.field, down = view.sorts[name], self.sort.startswith("-")
        back, place = self.read_cursor(request)
        self.back = back
        falling = down != back
        if place:
            queryset = queryset.filter(behind(self.field, place, falling))
        sign = "-" if falling else ""
        rows = list(queryset.order_by(f"{sign}{self.field}", f"{sign}pk")[: self.size + 1])
        self.more = len(rows) > self.size
        self.rows = rows[: self.size]
        self.begun = place is not None
        if back:
            self.rows.reverse()
        return self.rows

    def read_cursor(self, request: Request) -> tuple[bool, tuple[Any, int] | None]:
        """Whether it leads back, and the row it stands at. Raises ValidationError."""
        told = request.query_params.get("cursor")
        if told is None:
            return False, None
        try:
            sort, back, value, pk = signing.loads(told, salt=SALT)
        except (signing.BadSignature, ValueError):
            raise ValidationError({"cursor": [_("Take the address of the page as it was given.")]}) from None
        if sort != self.sort:
            raise ValidationError({"cursor": [_("This page is of another ordering.")]})
        if isinstance(value, dict):
            value = parse_datetime(value["at"])
        return back, (value, pk)

    def get_paginated_response(self, data: Any) -> Response:
        has_next = self.begun if self.back else self.more
        has_previous = self.more if self.back else self.begun
        return Response(
            {
                "next": self.link(self.rows[-1], back=False) if self.rows and has_next else None,
                "previous": self.link(self.rows[0], back=True) if self.rows and has_previous else None,
                "results": data,
            }
        )

    def link(self, row: Model, *, back: bool) -> str:
        value: Any = row
        for name in self.field.split("__"):
            value = getattr(value, name)
        if isinstance(value, datetime):
            value = {"at": value.isoformat()}
        cursor = signing.dumps([self.sort, back, value, row.pk], salt=SALT, compress=True)
        address: str = replace_query_param(self.address, "cursor", cursor)
        return address

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        orders = [sign + name for name in view.sorts for sign in ("", "-")]
        size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            parameter("cursor", {"type": "string"}, "Taken from `next` or `previous` of a page."),
            parameter("page_size", size, "How many at once."),
            parameter(
                "ordering", {"type": "string", "enum": orders, "default": view.sort}, "`-`: downwards."
            ),
        ]


def parameter(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


def behind(field: str, place: tuple[Any, int], falling: bool) -> Q:
    value, pk = place
    way = "lt" if falling else "gt"
    return Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"pk__{way}": pk})


def read_size(request: Request) -> int:
    told = request.query_params.get("page_size", str(USUAL))
    if not (told.isascii() and told.isdecimal() and len(told) < 5 and 1 <= int(told) <= MOST):
        raise ValidationError({"page_size": [_("A number from 1 to %(most)d.") % {"most": MOST}]})
    return int(told)


def read_sort(request: Request, view: Any) -> str:
    told: str = request.query_params.get("ordering", view.sort)
    if told.removeprefix("-") not in view.sorts:
        names = ", ".join(view.sorts)
        raise ValidationError(
            {"ordering": [_("One of %(names)s, or that with a - before.") % {"names": names}]}
        )
    return told
