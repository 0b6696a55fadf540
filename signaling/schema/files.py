"""Files from one browser to another."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from signaling.schema.base import Id, Key, Message

MOST_FILES = 20  # in one transfer
MOST_FILE_SIZE = 2**40

Verdict = Literal["accepted", "refused", "cancelled", "failed"]


class FileInfo(Message):
    """A file before it is sent: `size` in bytes, `kind` a media type or nothing."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f/\\]+$")]
    size: Annotated[int, Field(ge=0, le=MOST_FILE_SIZE)]
    kind: Annotated[str, StringConstraints(max_length=127)] = ""


class OfferFiles(Message):
    """Ask `to` whether they take these files, which then go from browser to browser. `key` is chosen by the
    page and names the transfer from here on; it is in the `refused` as well. `to` gets `files_offered`."""

    type: Literal["offer_files"]
    to: Id
    key: Key
    files: Annotated[list[FileInfo], Field(min_length=1, max_length=MOST_FILES)]


class SettleFiles(Message):
    """Say to the other side of transfer `key` what becomes of it; they get `files_settled`. Accepted: the
    sender may connect, with `signal`. Failed: this side cannot go on, its disk is full or a file is gone."""

    type: Literal["settle_files"]
    to: Id
    key: Key
    verdict: Verdict


class FilesOffered(Message):
    """`by` asks with `offer_files` whether you take these."""

    type: Literal["files_offered"] = "files_offered"
    by: Id
    key: Key
    files: list[FileInfo]


class FilesSettled(Message):
    """What `by` has said with `settle_files`."""

    type: Literal["files_settled"] = "files_settled"
    by: Id
    key: Key
    verdict: Verdict
