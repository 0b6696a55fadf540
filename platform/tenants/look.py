"""How a school looks: its colour as a style sheet, its logo, its icon. Files with names that change with what
is in them, answered before it is asked who asks: the sign-in page needs them, and browsers keep them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from typing import Any, cast

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse

from tenants.logos import HEIGHT
from tenants.models import Tenant
from tenants.nowhere import page_not_found
from tenants.requests import SiteRequest
from tenants.theme import AULA, Theme, sheet, theme

Answer = Callable[[HttpRequest], HttpResponse]
FOLDER = "/look/"
FILE = re.compile(r"/look/(theme|icon|try|logo)-([0-9a-f]{6,32})\.(css|svg|png)")
KINDS = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}
FOR_EVER = "public, max-age=31536000, immutable"
ALONE = "sandbox; default-src 'none'"  # opened by itself, a logo may do nothing at all
SQUARE = 1.5  # a logo this wide at most serves as the icon of a tab, too


@dataclass(frozen=True)
class Picture:
    """A logo as a page shows it: its address, and its size in px."""

    address: str
    width: int
    height: int = HEIGHT

    @property
    def told(self) -> dict[str, Any]:
        return {"src": self.address, "width": self.width, "height": self.height}


@dataclass(frozen=True)
class Look:
    """Addresses of what makes a school's pages its own. `sheet` None: Aula's colours; `logo` None: a square
    with the initial."""

    sheet: str | None
    icon: str
    logo: Picture | None
    logo_dark: Picture | None

    @property
    def logo_told(self) -> dict[str, Any] | None:
        """For scripts."""
        if self.logo is None:
            return None
        return self.logo.told | {"dark": self.logo_dark.told if self.logo_dark else None}


def look_of(tenant: Tenant) -> Look:
    logo = picture(tenant.logo, tenant.logo_width)
    square = logo is not None and logo.width <= SQUARE * HEIGHT
    return Look(
        sheet=f"{FOLDER}theme-{digest(sheet_of(tenant.accent))}.css" if tenant.accent else None,
        icon=logo.address if logo and square else f"{FOLDER}icon-{digest(drawn_icon(tenant))}.svg",
        logo=logo,
        logo_dark=picture(tenant.logo_dark, tenant.logo_dark_width) if logo else None,
    )


def picture(file: Any, width: int) -> Picture | None:
    return Picture(f"{FOLDER}{PurePosixPath(file.name).name}", width) if file else None


@lru_cache(maxsize=500)
def themed(accent: str) -> Theme:
    """Of a stored colour; Aula's own, tuned by hand, where there is none."""
    return AULA if accent in ("", AULA.light.fill) else theme(accent)


@lru_cache(maxsize=500)
def sheet_of(accent: str) -> str:
    return sheet(themed(accent))


def drawn_icon(tenant: Tenant) -> str:
    """The initial on a rounded square of the school's colour: for tabs, whatever their theme."""
    colours = themed(tenant.accent).light
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="8" fill="{colours.fill}"/>'
        f'<text x="16" y="22.5" text-anchor="middle" font-family="Arial, sans-serif" font-size="18"'
        f' font-weight="600" fill="{colours.label}">{escape(tenant.initial or "A")}</text></svg>'
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def look_files(answer: Answer) -> Answer:
    """Answer the files of a school's look on its own host; no other school's are there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = FILE.fullmatch(request.path)
        tenant = cast(SiteRequest, request).tenant
        if not found or tenant is None or request.method not in ("GET", "HEAD"):
            return answer(request)
        return file_answer(tenant, *found.groups()) or page_not_found(request)

    return middleware


def file_answer(tenant: Tenant, what: str, name: str, kind: str) -> HttpResponse | None:
    """None where there is no such file. `try`: a colour that is only looked at. Of a sheet or an icon that
    has changed since a page was made, that page gets the present one."""
    body: bytes | str | None = None
    match what, kind:
        case "theme", "css":
            body = sheet_of(tenant.accent)
        case "icon", "svg":
            body = drawn_icon(tenant)
        case "try", "css" if len(name) == 6:
            body = sheet(themed(f"#{name}"), ".tried")
        case "logo", "svg" | "png":
            body = logo_file(tenant, f"logo-{name}.{kind}")
    if body is None:
        return None
    lasts = what == "logo" or (isinstance(body, str) and name == digest(body))
    response = HttpResponse(body, content_type=KINDS[kind])
    response["Cache-Control"] = FOR_EVER if lasts else "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = ALONE
    return response


def logo_file(tenant: Tenant, name: str) -> bytes | None:
    """The stored logo of that name, if it is this school's present one."""
    for path in (tenant.logo.name, tenant.logo_dark.name):
        if path and PurePosixPath(path).name == name:
            try:
                with default_storage.open(path) as opened:
                    return bytes(opened.read())
            except FileNotFoundError:
                return None
    return None
