"""What people in a class, and those who lead it, ask for over their socket, and the action that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classrooms.live import actions, leading, lobby, marks, polls, recording
from signaling import schema

Action = Callable[..., None]
ACTIONS: dict[type[schema.Message], Action] = {
    schema.RaiseHand: actions.raise_hand,
    schema.LowerHand: actions.lower_hand,
    schema.Consent: recording.consent,
    schema.LostHere: marks.lost_here,
    schema.EndClass: actions.end_class,
    schema.Stop: leading.stop,
    schema.AskToUnmute: leading.ask_to_unmute,
    schema.LowerHands: leading.lower_hands,
    schema.LetSpeak: leading.let_speak,
    schema.SetRules: leading.set_rules,
    schema.Remove: leading.remove,
    schema.LetIn: lobby.let_in,
    schema.TurnAway: lobby.turn_away,
    schema.Admit: leading.admit,
    schema.Appoint: leading.appoint,
    schema.HandLead: leading.hand_lead,
    schema.Record: recording.record,
    schema.MarkMoment: marks.mark_moment,
    schema.AskPoll: polls.ask,
    schema.EndPoll: polls.end,
    schema.ShowPoll: polls.show,
    schema.DeletePoll: polls.delete,
}


def asked_for(message: schema.Message) -> tuple[Action, dict[str, Any]]:
    """The action, and what it is told besides the seat and the time: the fields of the message."""
    details = message.model_dump(exclude={"type"}, exclude_none=isinstance(message, schema.SetRules))
    if isinstance(message, schema.SetRules):
        details = {"changes": details}
    return ACTIONS[type(message)], details
