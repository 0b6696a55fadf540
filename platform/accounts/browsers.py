"""What a browser calls itself (RFC 9110, 10.1.5) in words that its owner knows."""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = (  # the first that is found; later ones pretend to be earlier ones
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
HANDHELD = {"iPhone", "iPad", "Android"}


def browser_of(user_agent: str) -> str:
    """“Firefox on Windows”; “A browser” for what is none of these."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = system_of(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")


def system_of(user_agent: str) -> str:
    return next((name for sign, name in SYSTEMS if sign in user_agent), "")


def is_handheld(user_agent: str) -> bool:
    return system_of(user_agent) in HANDHELD
