"""How much something is, in words: the same on pages as in the room (static/js/files/words.js)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

UNITS = ("B", "kB", "MB", "GB", "TB")


def size_words(bytes: int) -> str:
    """“0 B”, “4.2 kB”, “310 MB”, kept together in text of either direction."""
    power = min(len(UNITS) - 1, (len(str(bytes)) - 1) // 3)
    scaled = Decimal(bytes) / 1000**power
    places = "0.1" if power and scaled < 10 else "1"
    number = number_format(scaled.quantize(Decimal(places), ROUND_HALF_UP))
    return f"\u2068{number} {UNITS[power]}\u2069"
