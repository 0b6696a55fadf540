"""Fields of forms about schools: sizes and places as people say them."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms

GIGABYTE = 2**30  # as Django's filesizeformat counts
REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


def places() -> list[tuple[str, str]]:
    """Every place people live in, by region; technical names (UTC aside) are left out."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    lived_in = [name for name in names if name.split("/")[0] in REGIONS]
    return [*((name, name.replace("_", " ")) for name in lived_in), ("UTC", "UTC")]


class ZoneField(forms.ChoiceField):
    """A time zone, out of the list of those there are."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=places, **more)

    def prepare_value(self, value: Any) -> Any:
        """What is set already stays to be chosen, whatever its name."""
        if value and all(value != name for name, _place in places()):
            self.choices = [(value, value), *places()]
        return value

    def valid_value(self, value: str) -> bool:
        return value in zoneinfo.available_timezones()


class GigabytesField(forms.DecimalField):
    """Bytes, asked for and shown in GB."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=8_000_000_000, max_digits=16, decimal_places=3, **more)
        self.widget.attrs["step"] = "any"

    def prepare_value(self, value: Any) -> Any:
        return f"{value / GIGABYTE:.3f}".rstrip("0").rstrip(".") if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else round(number * GIGABYTE)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()
