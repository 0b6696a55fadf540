"""What the keys of the classroom and the player do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required


@require_safe
@member_required
def keyboard(request: MemberRequest) -> HttpResponse:
    """The page; its script draws the tables that the classroom and the player go by."""
    return render(request, "classrooms/keyboard.html")
