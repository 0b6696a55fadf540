"""A picture that somebody sends as their school's logo: read for real, and written anew."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from tenants.svg import sanitised

MOST_BYTES = 2_000_000
MOST_PIXELS = 4_000  # a side
KEPT_HEIGHT = 120  # of a PNG: four times what is shown, for the sharpest screens
HEIGHT, WIDEST = 30, 180  # px on a page
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Logo:
    """`kind`: svg or png. `width`: px on a page, where it is 30 px high or, if too wide for that, lower."""

    kind: str
    body: bytes
    width: int


def read_logo(body: bytes) -> Logo:
    """By what it is, not by what it is called. Raises ValueError that says what to do about it."""
    if len(body) > MOST_BYTES:
        raise ValueError(_("The file is larger than 2 MB. Choose a smaller one."))
    if body.startswith(PNG):
        return read_png(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        drawing = sanitised(body)
        return Logo("svg", drawing.body, shown_width(drawing.width, drawing.height))
    raise ValueError(_("Choose an SVG or a PNG file."))


def read_png(body: bytes) -> Logo:
    """Every pixel is decoded; what else the file holds, before, between or after them, is left behind."""
    picture = decoded(body)
    if picture is None:
        raise ValueError(_("This PNG is broken. Export it again."))
    if max(picture.size) > MOST_PIXELS:
        raise ValueError(_("The picture is larger than 4000 pixels. Choose a smaller one."))
    if picture.height > KEPT_HEIGHT:
        width = max(1, round(picture.width * KEPT_HEIGHT / picture.height))
        picture = picture.resize((width, KEPT_HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return Logo("png", out.getvalue(), shown_width(*picture.size))


def decoded(body: bytes) -> Image.Image | None:
    """Of one that is too large only the size is right. None where it cannot be decoded, or is a bomb."""
    try:
        with Image.open(io.BytesIO(body), formats=["PNG"]) as opened:
            large = max(opened.size) > MOST_PIXELS
            return Image.new("1", (MOST_PIXELS + 1, 1)) if large else opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def shown_width(width: float, height: float) -> int:
    return max(1, min(WIDEST, round(width * HEIGHT / height)))
