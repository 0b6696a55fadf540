"""WebVTT as W3C describes it (w3.org/TR/webvtt1), read to say what is wrong with a file, and where. Pure.

Browsers leave out what they cannot read; whoever uploads captions shall hear of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"^{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+.*)?$")
LINES = re.compile(r"\r\n|\r|\n")
HEADER = re.compile(r"^WEBVTT(?:[ \t].*)?$")
ASIDE = re.compile(r"^(?:NOTE|STYLE|REGION)(?:[ \t].*)?$")
ARROW = "-->"


class Malformed(ValueError):
    """What is wrong, for a person, and in which line (from 1 on)."""

    def __init__(self, line: int, why: str | Promise) -> None:
        self.line = line
        self.why = why
        super().__init__(line, why)


@dataclass(frozen=True)
class Cue:
    """`text` from `start` to `end`, in seconds; its times are in line `line`."""

    start: float
    end: float
    text: str
    line: int


def decoded(data: bytes) -> str:
    """UTF-8, a byte order mark or none; U+0000 becomes U+FFFD (the standard's 4.1). Raises Malformed."""
    try:
        return data.decode("utf-8-sig").replace("\0", "\ufffd")
    except UnicodeDecodeError as error:
        before = LINES.split(data[: error.start].decode())
        raise Malformed(len(before), _("this is not UTF-8.")) from None


def cues(text: str) -> list[Cue]:
    """All cues, by their beginning. Raises Malformed."""
    lines = LINES.split(text)
    if not HEADER.match(lines[0]):
        raise Malformed(1, _("the file has to begin with WEBVTT."))
    found: list[Cue] = []
    for first, block in blocks(lines):
        if ASIDE.match(block[0]) and not any(ARROW in line for line in block[:2]):
            continue
        cue = read_cue(first, block)
        if found and cue.start < found[-1].start:
            raise Malformed(cue.line, _("this begins before the one above it."))
        found.append(cue)
    if not found:
        raise Malformed(len(lines), _("there are no captions in the file."))
    return found


def blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What stands between empty lines after the header's, each with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    after_empty = False
    in_header = True
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            after_empty, in_header = True, False
        elif in_header and ARROW not in line:
            continue  # metadata of the header
        elif after_empty or in_header:
            found.append((number, [line]))
            after_empty, in_header = False, False
        else:
            found[-1][1].append(line)
    return found


def read_cue(first: int, block: list[str]) -> Cue:
    """A cue with or without a name above its times. Raises Malformed."""
    named = ARROW not in block[0]
    line, rest = first + named, block[1:] if named else block
    if not rest or ARROW not in rest[0]:
        raise Malformed(first, _("times are missing, such as 00:01:02.500 --> 00:01:04.000."))
    start, end = read_times(line, rest[0])
    words = rest[1:]
    for number, each in enumerate(words, line + 1):
        if ARROW in each:
            raise Malformed(number, _("an empty line is missing above these times."))
    return Cue(start, end, "\n".join(words), line)


def read_times(line: int, text: str) -> tuple[float, float]:
    found = TIMES.match(text.strip())
    if found is None:
        if "," in text.partition(ARROW)[0]:
            raise Malformed(line, _("thousandths follow a full stop, not a comma: 00:01:02.500."))
        raise Malformed(line, _("times have to look like 00:01:02.500 --> 00:01:04.000."))
    start, end = seconds(*found.groups()[:4]), seconds(*found.groups()[4:8])
    if end <= start:
        raise Malformed(line, _("this ends before it begins."))
    return start, end


def seconds(hours: str | None, minutes: str, whole: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + int(thousandths) / 1000
