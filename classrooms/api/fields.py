"""Kinds of values that the API's resources have in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Moment(serializers.DateTimeField):
    """RFC 3339 with an offset or a Z; answered in UTC. Without an offset it is UTC."""

    default_error_messages = {"range": _("Choose a time between 2000 and 2100.")}

    def __init__(self, **more: Any) -> None:
        super().__init__(default_timezone=UTC, **more)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            at: datetime = super().to_internal_value(value)
            fits = EARLIEST <= at < LATEST
        except OverflowError:  # an offset that leads out of the years 1 to 9999
            fits = False
        if not fits:
            self.fail("range")
        return at


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{32}$"})
class Id(serializers.CharField):
    """An opaque id: 32 hexadecimal digits."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)


class Seconds(serializers.Field):  # type: ignore[type-arg]
    """A duration."""

    def to_representation(self, value: timedelta) -> float:
        return round(value.total_seconds(), 3)


Seconds = extend_schema_field({"type": "number", "minimum": 0})(Seconds)  # type: ignore[misc]


class OneOf(Id):
    """The id of something the asker can see; holds the row. `rows`: from the asker to a queryset."""

    default_error_messages = {"unknown": _("There is nothing with this id for you.")}

    def __init__(self, rows: Any, **more: Any) -> None:
        self.rows = rows
        super().__init__(**more)

    def to_internal_value(self, data: Any) -> Any:
        wanted = super().to_internal_value(data)
        row = self.rows(self.context["request"].membership).filter(public_id=wanted).first()
        if row is None:
            self.fail("unknown")
        return row
