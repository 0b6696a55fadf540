"""The chat of a class, to read and to take away; and the pictures in it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.api.materials import asked_material
from classrooms.chat import as_data, as_table, as_text, chat_of
from classrooms.downloads import send_file
from classrooms.models import ChatMessage, Material
from classrooms.views.live import visible_session

TEXTS: dict[str, tuple[str, Callable[[list[ChatMessage]], str]]] = {
    "txt": ("text/plain", as_text),
    "csv": ("text/csv", as_table),
}


@require_safe
@never_cache
@member_required
def export(request: MemberRequest, public_id: str, kind: str) -> HttpResponse:
    """What this person may read, as a file: `txt`, `csv` or `json`."""
    session = visible_session(request, public_id)
    messages = chat_of(session, request.membership)
    answer: HttpResponse
    if kind == "json":
        dumped = {"ensure_ascii": False, "indent": 1}
        answer = JsonResponse(as_data(session, messages, request.membership), json_dumps_params=dumped)
    elif kind in TEXTS:
        media_type, written = TEXTS[kind]
        answer = HttpResponse(written(messages), content_type=f"{media_type}; charset=utf-8")
    else:
        raise Http404
    name = slugify(f"{session.title} {timezone.localtime(session.starts_at):%Y-%m-%d} chat") or "chat"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@require_safe
@member_required
def picture(request: MemberRequest, public_id: str, material: str) -> HttpResponseBase:
    return shown(request, asked_material(request, public_id, material))


def shown(request: HttpRequest, found: Material) -> HttpResponseBase:
    """A material that is a picture by its first bytes, shown. Whatever else is in its bytes, it runs
    nothing."""
    if not found.picture:
        raise Http404
    answer = send_file(request, found.file, name=found.name, kind=found.picture)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer
