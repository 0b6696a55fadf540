"""The room page from the files of this checkout, its three transports replaced by drawn ones."""

from __future__ import annotations

import json
import mimetypes
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from classrooms.effects import MODEL, PICTURES

ROOT = Path(__file__).resolve().parents[2]
HARNESS = Path(__file__).parent / "harness"
ORIGIN = "http://localhost"
REPLACED = {
    "classroom/socket.js": "socket.js",
    "media/devices.js": "devices.js",
    "media/room.js": "media.js",
    "media/faces.js": "faces.js",
}
CSP = (
    "default-src 'self'; script-src 'self' 'nonce-test' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:"
)


def document(role: str, name: str, direction: str, language: str = "en") -> str:
    """templates/classrooms/room.html as a browser gets it."""
    text = (ROOT / "templates/classrooms/room.html").read_text()
    text = re.sub(r"{% static '([^']+)' %}", r"/drawn/\1", text)
    text = re.sub(r'{% translate "([^"]+)" %}', r"\1", text)
    data = {
        "session": {
            "id": "0" * 32,
            "title": "Cell division, part 2",
            "course": "Biology 9b",
            "startsAt": "2026-11-22T10:00:00Z",
            "endsAt": "2026-11-22T10:45:00Z",
            "state": "live",
        },
        "you": {"name": name, "role": role, "hue": 9},
        "school": {"name": "Northfield College", "initial": "N"},
        "timeZone": "Europe/Berlin",
        "csrf": "token",
        "effects": {
            "noise": "/drawn/js/media/sound/worklet.js",
            "segmentation": {name: f"/static/vendor/{name}" for name in MODEL},
            "pictures": {name: f"/static/backgrounds/{name}.svg" for name in PICTURES},
        },
        "socket": "/ws/sessions/0/",
        "urls": {
            "class": "/c/0/",
            "course": "/courses/0/",
            "dashboard": "/",
            "materials": "/api/v1/sessions/0/materials/",
            "recording": "/c/1/recordings/now/",
            "fileWorker": "/drawn/js/files/worker.js",
        },
    }
    script = f'<script id="room-data" type="application/json">{json.dumps(data)}</script>'
    text = text.replace('{{ room_data|json_script:"room-data" }}', script)
    text = text.replace("{{ CSP_NONCE }}", "test").replace("{{ direction|default:'ltr' }}", direction)
    text = text.replace("{{ language|default:'en' }}", language)
    text = text.replace("{% catalogue %}", '<script defer src="/words.js"></script>')
    return re.sub(r"{[{%].*?[%}]}", "", text)


def answer(route: Route, page: str, words: bytes) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/words.js":
        return route.fulfill(body=words, content_type="text/javascript")
    file = on_disk(path)
    if file is None:
        route.fulfill(body=page, content_type="text/html", headers={"Content-Security-Policy": CSP})
    else:
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        route.fulfill(body=file.read_bytes(), content_type=kind)


def on_disk(path: str) -> Path | None:
    """The file behind an address: /static/ as it is, /drawn/ with stand-ins, /tests/ from this folder."""
    if path.startswith("/tests/"):
        return ROOT / "tests/js" / path.removeprefix("/tests/")
    if path.startswith("/drawn/"):
        stand_in = REPLACED.get(path.removeprefix("/drawn/js/"))
        return HARNESS / stand_in if stand_in else ROOT / "static" / path.removeprefix("/drawn/")
    return ROOT / path.lstrip("/") if path.startswith("/static/") else None


def serve(page: Page, html: str, words: bytes = b"") -> None:
    """Every address is answered from this checkout: scripts and styles by file, all else with `html`.
    `words`: the catalogue of its language."""
    page.route("**/*", lambda route: answer(route, html, words))


def open_room(
    context: BrowserContext,
    scenario: dict[str, Any],
    direction: str = "ltr",
    language: str = "en",
    words: bytes = b"",
) -> Page:
    """A page at pre-join; `scenario` is read by the files in harness/."""
    scenario = {"role": "student", "name": "Maple", "people": 2, **scenario}
    page = context.new_page()
    page.add_init_script(f"globalThis.scenario = {json.dumps(scenario)}")
    serve(page, document(scenario["role"], scenario["name"], direction, language), words)
    page.goto(f"{ORIGIN}/c/0/room/")
    return page
