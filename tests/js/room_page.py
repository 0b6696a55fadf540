"""The room page from the files of this checkout, its three transports replaced by drawn ones."""

from __future__ import annotations

import json
import mimetypes
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
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


def document(role: str, name: str, direction: str, language: str = "en", recorded: bool = False) -> str:
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
        "school": {"name": "Northfield College", "initial": "N", "contact": "office@north.test"},
        "recorded": recorded,
        "next": {"title": "Meiosis", "startsAt": "2026-11-29T10:00:00Z", "url": "/c/2/"},
        "timeZone": "Europe/Berlin",
        "csrf": "token",
        "effects": {
            "noise": "/drawn/js/media/sound/worklet.js",
            "segmentation": {name: f"/static/vendor/{name}" for name in MODEL},
            "pictures": {name: f"/static/backgrounds/{name}.svg" for name in PICTURES},
        },
        "files": {"most": 100_000_000, "refused": [".exe"]},
        "socket": "/ws/sessions/0/",
        "urls": {
            "class": "/c/0/",
            "course": "/courses/0/",
            "dashboard": "/",
            "check": "/check/",
            "materials": "/api/v1/sessions/0/materials/",
            "recording": "/c/1/recordings/now/",
            "recordings": "/api/v1/recordings/?session=0",
            "fileWorker": "/drawn/js/files/worker.js",
        },
    }
    script = f'<script id="room-data" type="application/json">{json.dumps(data)}</script>'
    text = text.replace('{{ room_data|json_script:"room-data" }}', script)
    text = text.replace("{{ CSP_NONCE }}", "test").replace("{{ direction|default:'ltr' }}", direction)
    text = text.replace("{{ language|default:'en' }}", language)
    text = text.replace("{% catalogue %}", '<script defer src="/words.js"></script>')
    return re.sub(r"{[{%].*?[%}]}", "", text)


def answer(path: str, page: str, words: bytes) -> tuple[bytes, dict[str, str]]:
    """Body and headers."""
    if path == "/words.js":
        return words, {"Content-Type": "text/javascript"}
    file = on_disk(path)
    if file is None:
        return page.encode(), {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP}
    return file.read_bytes(), {"Content-Type": mimetypes.guess_type(file.name)[0] or "text/plain"}


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

    def fulfill(route: Route) -> None:
        body, headers = answer(route.request.url.removeprefix(ORIGIN), html, words)
        route.fulfill(body=body, headers=headers)

    page.route("**/*", fulfill)


def serve_over_network(context: BrowserContext, html: str, words: bytes) -> str:
    """The same from a port, as long as `context` is open; its origin. What a page's small window asks for by
    itself reaches no route."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = answer(self.path.partition("?")[0], html, words)
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    context.on("close", lambda _: (server.shutdown(), server.server_close()))
    return f"http://localhost:{server.server_port}"


def open_room(
    context: BrowserContext,
    scenario: dict[str, Any],
    direction: str = "ltr",
    language: str = "en",
    words: bytes = b"",
) -> Page:
    """A page at pre-join; `scenario` is read by the files in harness/, and here `windows`: that its small
    window has styles."""
    scenario = {"role": "student", "name": "Maple", "people": 2, **scenario}
    page = context.new_page()
    page.add_init_script(f"globalThis.scenario = {json.dumps(scenario)}")
    html = document(scenario["role"], scenario["name"], direction, language, scenario.get("recorded", False))
    origin = serve_over_network(context, html, words) if scenario.get("windows") else ORIGIN
    if origin == ORIGIN:
        serve(page, html, words)
    page.goto(f"{origin}/c/0/room/")
    return page
