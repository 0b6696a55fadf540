"""The chat, and reactions to what goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from signaling.graphemes import graphemes
from signaling.schema.base import Count, Event, Hue, Id, Key, Message, Named, Role, Seq
from signaling.schema.materials import Material

MOST_TEXT = 2_000  # characters as people count them
MOST_CODE_POINTS = 8_000  # of which one character may have many
MOST_ATTACHED = 10  # files in one message


def of_most_characters(text: str) -> str:
    if graphemes(text) > MOST_TEXT:
        raise ValueError(f"more than {MOST_TEXT} characters")
    return text


Words = Annotated[  # PostgreSQL's JSON holds no U+0000
    str,
    StringConstraints(strip_whitespace=True, max_length=MOST_CODE_POINTS, pattern=r"^[^\x00]*$"),
    AfterValidator(of_most_characters),
]
Text = Annotated[Words, StringConstraints(min_length=1)]
Emoji = Literal["👍", "❤️", "😂", "😮", "👏", "🎉"]
Deleted = Literal["own", "teacher"]


class Say(Message):
    """Write to everyone, or to the participant `to` alone. `reply`: the message that is answered. `files`:
    class materials this person has added for the message; only to everyone. There is text, or a file, or
    both; the text has at most 2,000 characters as people count them. `key` is chosen by the page: sent again
    with the same key after a reconnect it is not written twice; the stored `said` comes back either way."""

    type: Literal["say"]
    key: Key
    text: Words
    to: Id | None = None
    reply: Seq | None = None
    files: Annotated[list[Id], Field(max_length=MOST_ATTACHED)] = []

    @model_validator(mode="after")
    def says_something(self) -> Say:
        if not self.text and not self.files:
            raise ValueError("neither text nor files")
        return self


class EditMessage(Message):
    """Write one's own message anew, while the class is on."""

    type: Literal["edit_message"]
    message: Seq
    text: Text


class DeleteMessage(Message):
    """Take back one's own message or, as a teacher, any; its text and files are gone for good."""

    type: Literal["delete_message"]
    message: Seq


class ReactTo(Message):
    """Put an emoji on a message, or take one's own off. As it is already: nothing happens."""

    type: Literal["react_to"]
    message: Seq
    emoji: Emoji
    on: bool


class React(Message):
    """React to what goes on; everyone gets `reactions`. Nothing of it is kept."""

    type: Literal["react"]
    emoji: Emoji


class History(Message):
    """Ask for messages older than `before`; answered by `earlier`."""

    type: Literal["history"]
    before: Seq


class Quote(Message):
    """The message that is replied to: who wrote it, and its first 140 characters; none once it is deleted."""

    id: Seq
    name: str
    text: str
    deleted: bool


class Reaction(Message):
    """One emoji on a message: how many put it there, the first twelve by name, and whether you did."""

    emoji: Emoji
    count: Count
    names: list[str]
    mine: bool


class ChatMessage(Message):
    """One message of the chat; `id` is the `seq` of its `said`, `participant` who wrote it, `to` who alone
    may read it (none: everyone). Deleted, by its writer or a teacher, it has neither text nor files."""

    id: Seq
    key: str
    participant: Id
    name: str
    role: Role
    hue: Hue
    text: str
    at: datetime
    to: Named | None
    reply: Quote | None
    files: list[Material]
    reactions: list[Reaction]
    edited_at: datetime | None
    deleted: Deleted | None


class RoomReaction(Message):
    """One emoji: how often within half a second, and by whom (at most twelve)."""

    emoji: Emoji
    count: Count
    by: list[Id]


class Earlier(Message):
    """Answer to `history`: up to 200 messages before number `before` that you may read, oldest first; `more`:
    there are still older ones."""

    type: Literal["earlier"] = "earlier"
    before: Seq
    messages: list[ChatMessage]
    more: bool


class Reactions(Message):
    """How people react to what goes on, gathered over half a second. No event: it has no number and is in no
    snapshot."""

    type: Literal["reactions"] = "reactions"
    reactions: list[RoomReaction]


class Withheld(Event):
    """Something private between two others. That its number is taken is all that anybody else learns of it,
    now and in every replay."""

    type: Literal["withheld"] = "withheld"


class Said(Event):
    """Somebody wrote to everyone, or to you, or you to somebody. In a replay the message is as it is now."""

    type: Literal["said"] = "said"
    message: ChatMessage


class MessageEdited(Event):
    """Its writer has changed `message`. In a replay the text is that of now."""

    type: Literal["message_edited"] = "message_edited"
    message: Seq
    text: str
    edited_at: datetime | None


class MessageDeleted(Event):
    """`message` was taken back, by its writer or a teacher."""

    type: Literal["message_deleted"] = "message_deleted"
    message: Seq
    deleted: Deleted


class Reacted(Event):
    """`participant` put an emoji on `message`, or took it off; it is there `count` times now."""

    type: Literal["reacted"] = "reacted"
    message: Seq
    emoji: Emoji
    participant: Id
    on: bool
    count: Count
    names: list[str]
