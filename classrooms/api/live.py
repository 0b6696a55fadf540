"""A class that is on: who is there, what students may do, and leading it from outside.

Each step is the action that the room's buttons take, by somebody who has no seat (`live.seats.Outside`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from classrooms.api.doors import Listed, OfClass
from classrooms.api.fields import Id, Moment
from classrooms.api.filters import Filters
from classrooms.api.once import once
from classrooms.live import actions, leading, recording
from classrooms.live.people import class_rules
from classrooms.live.seats import Outside
from classrooms.models import ClassSession, Participant
from classrooms.refusals import NotTheTeacher


class ParticipantOut(serializers.ModelSerializer[Participant]):
    id = Id(source="public_id")
    user = Id(source="membership.public_id", allow_null=True, default=None, help_text="Null: a guest.")
    role = serializers.ChoiceField(Participant.Role.choices)
    here = serializers.SerializerMethodField()
    hand_raised_at = Moment(allow_null=True)
    joined_at = Moment(allow_null=True)
    left_at = Moment(allow_null=True)

    class Meta:
        model = Participant
        fields = (
            *("id", "user", "name", "role", "here", "co_teacher", "may_speak", "hand_raised_at", "joined_at"),
            *("left_at", "barred", "removal_reason"),
        )

    def get_here(self, person: Participant) -> bool:
        return person.is_here(self.context["request"].now)


class ParticipantFilter(Filters):
    here = django_filters.BooleanFilter(method="who_is_here", help_text="Who is in the class now.")
    role = django_filters.ChoiceFilter(choices=Participant.Role.choices)

    def who_is_here(self, rows: QuerySet[Participant], name: str, value: bool) -> QuerySet[Participant]:
        here = Participant.objects.here(self.request.now)
        return rows.filter(pk__in=here) if value else rows.exclude(pk__in=here)


class Live(OfClass):
    """For those who lead the class."""

    scope = "live"

    def people(self) -> QuerySet[Participant]:
        """Everybody who was ever in it. Raises NotTheTeacher."""
        session = self.session()
        if not session.led_by(self.member):
            raise NotTheTeacher
        found: QuerySet[Participant] = session.participants.exclude(joined_at=None)
        return found.select_related("membership")

    def person(self) -> Participant:
        found: Participant = self.found(self.people(), public_id=self.kwargs["participant"])
        return found


class Participants(Listed, Live):
    """Everybody who was ever in the class, for those who lead it."""

    serializer_class = ParticipantOut
    filters = ParticipantFilter
    sorts = {"joined_at": "joined_at", "name": "name"}
    sort = "joined_at"

    def rows(self) -> QuerySet[Participant]:
        return self.people()


class ParticipantOne(Live):
    serializer_class = ParticipantOut

    def get(self, request: Request, public_id: str, participant: str) -> Response:
        """One person in the class."""
        return self.tagged(self.told(self.person()))


class RulesOut(serializers.Serializer[Any]):
    mic = serializers.BooleanField(required=False)
    camera = serializers.BooleanField(required=False)
    screen = serializers.BooleanField(required=False)
    chat = serializers.BooleanField(required=False)
    private_chat = serializers.BooleanField(required=False)
    locked = serializers.BooleanField(required=False, help_text="Nobody new gets in.")
    captions = serializers.BooleanField(required=False, help_text="What is said may be captioned.")


class Rules(OfClass):
    scope = "live"
    serializer_class = RulesOut

    def told(self, row: ClassSession) -> dict[str, bool]:
        return class_rules(row)

    def get(self, request: Request, public_id: str) -> Response:
        """What students may do in the class, and whether it is locked."""
        return self.tagged(self.told(self.session()))

    @extend_schema(request=RulesOut)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change what students may do while the class is on. In force at once."""
        sent = self.sent(RulesOut)
        with self.changing(self.classes(), public_id=public_id) as session:
            leading.set_rules(seat=Outside(session.pk, self.member.pk, ""), changes=sent, at=self.now)
        return self.tagged(self.told(self.session()))


class Nothing(serializers.Serializer[Any]):
    """A request without content."""


class What(serializers.Serializer[Any]):
    what = serializers.ChoiceField(["mic", "camera", "screen"])


class Removal(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Told to the person."
    )
    bar = serializers.BooleanField(default=False, help_text="There is no way back into this class.")


class Wanted(serializers.Serializer[Any]):
    wanted = serializers.ChoiceField(["on", "paused", "off"])


class Appointment(serializers.Serializer[Any]):
    co_teacher = serializers.BooleanField()


class Step(OfClass):
    """One thing that is done in a class; answered with 204."""

    scope = "live"
    act: ClassVar[Callable[..., Any]]

    def who(self) -> dict[str, Any]:
        """To whom: everybody."""
        return {}


class StepWith(Step):
    """To one participant."""

    def who(self) -> dict[str, Any]:
        return {"participant": self.kwargs["participant"]}


def step(name: str, act: Callable[..., Any], about: str, shape: type[Any] = Nothing, base: Any = Step) -> Any:
    """A view for one action; `about` is what the document says of it."""

    def post(self: Any, request: Request, public_id: str, **which: str) -> Response:
        type(self).act(seat=self.seat(), at=self.now, **self.who(), **self.sent(shape))
        return Response(status=204)

    told = extend_schema(request=shape, responses={204: None}, description=about)
    return type(name, (base,), {"act": staticmethod(act), "__doc__": about, "post": told(once(post))})


def stop_all(*, seat: Any, what: str, at: Any) -> None:
    leading.stop(seat=seat, what=what, participant=None, at=at)


Stop = step("Stop", stop_all, "End the sound, cameras or screens of all students.", What)
LowerHands = step("LowerHands", leading.lower_hands, "Lower all hands.")
End = step("End", actions.end_class, "End the class for everyone.")
Record = step("Record", recording.record, "Record the class, pause the recording, or stop it.", Wanted)
StopOne = step("StopOne", leading.stop, "End somebody's sound, camera or screen.", What, StepWith)
AskToUnmute = step("AskToUnmute", leading.ask_to_unmute, "Ask somebody to unmute.", Nothing, StepWith)
LetSpeak = step("LetSpeak", leading.let_speak, "Lower somebody's hand and let them speak.", Nothing, StepWith)
LowerHand = step("LowerHand", actions.lower_hand, "Lower somebody's hand.", Nothing, StepWith)
Remove = step("Remove", leading.remove, "Put somebody out of the class.", Removal, StepWith)
Admit = step("Admit", leading.admit, "Let somebody who was barred come in again.", Nothing, StepWith)
HandLead = step("HandLead", leading.hand_lead, "Let somebody lead the class.", Nothing, StepWith)
Appoint = step(
    "Appoint",
    leading.appoint,
    "Make somebody a co-teacher of this class, or no longer.",
    Appointment,
    StepWith,
)
