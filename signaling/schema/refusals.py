"""What is said where the answer is "no"."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from signaling.schema.base import Message, Seq

RefusalCode = Literal[
    "malformed",
    "too_large",
    "too_fast",
    "not_open",
    "not_started",
    "ended",
    "not_here",
    "not_allowed",
    "unknown_participant",
    "no_longer_member",
    "not_direct",
    "barred",
    "removed",
    "locked",
    "class_full",
    "too_many_classes",
    "turned_away",
    "chat_off",
    "private_chat_off",
    "no_private_chat",
    "unknown_message",
    "not_your_message",
    "private_answer",
    "files_for_all",
    "unknown_file",
    "storage_full",
    "poll_runs",
    "poll_over",
    "unknown_poll",
    "unknown_choice",
    "too_many_polls",
    "screen_off",
    "screen_taken",
    "not_recorded",
    "too_many_chapters",
    "no_captions",
    "captions_off",
    "mic_off",
    "failed",
]


class Refused(Message):
    """A "no": `text` says why and `mend` what to do, both for people. `re` is the `type` of the message
    refused (none if it could not be read), `key` that of a refused `say`, `message` the number of one that
    was to be changed, `retry_at` when to try again."""

    type: Literal["refused"] = "refused"
    code: RefusalCode
    text: str
    mend: str | None = None
    re: str | None = None
    key: str | None = None
    message: Seq | None = None
    retry_at: datetime | None = None
