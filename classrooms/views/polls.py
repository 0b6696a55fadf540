"""The results of a class's polls, to take away."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.polls import Result, results_of
from classrooms.refusals import NotYourPolls
from classrooms.views.live import visible_session
from classrooms.views.tables import csv_answer


@require_safe
@never_cache
@member_required
def export(request: MemberRequest, public_id: str) -> HttpResponse:
    """A line for each answer, times in this person's zone. Raises NotYourPolls for who does not lead it."""
    session = visible_session(request, public_id)
    if not session.led_by(request.membership):
        raise NotYourPolls
    head = [_("Asked at"), _("Question"), _("Votes are"), _("Answer"), _("Votes"), _("Voted"), _("Names")]
    title = f"{session.title} {timezone.localtime(session.starts_at):%Y-%m-%d} polls"
    return csv_answer(title, head, _lines(results_of(session)))


def _lines(results: list[Result]) -> Iterator[tuple[object, ...]]:
    for result in results:
        poll = result.poll
        asked = timezone.localtime(poll.asked_at).strftime("%Y-%m-%d %H:%M:%S")
        kind = _("by name") if poll.by_name else _("anonymous")
        for each in result.answers:
            yield (asked, poll.question, kind, each.text, each.count, poll.voters, "; ".join(each.names))
