"""Captions of a recording: a WebVTT file for each language, brought by whoever leads the class."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Membership
from classrooms.models import Recording, RecordingCaptions
from classrooms.recorded import webvtt
from classrooms.recorded.playback import link_to
from classrooms.refusals import CaptionsRefused, CaptionsTooLarge, NotTheTeacher, UnknownLanguage

MOST_BYTES = 1_000_000


def _bcp47(code: str) -> str:
    """Django's "zh-hans" and "pt-br" as browsers write them: zh-Hans, pt-BR (RFC 5646 2.1.1)."""
    first, *more = code.split("-")
    return "-".join([first, *(part.title() if len(part) == 4 else part.upper() for part in more)])


LANGUAGES: dict[str, str] = dict(
    sorted(
        ((_bcp47(code), info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info),
        key=lambda pair: pair[1].casefold(),
    )
)
"""Their own names by BCP 47 code."""


def check_leads(recording: Recording, member: Membership) -> None:
    """Raises NotTheTeacher."""
    if not recording.session.led_by(member):
        raise NotTheTeacher


def add_captions(
    *, recording: Recording, by: Membership, language: str, file: UploadedFile[bytes], at: datetime
) -> RecordingCaptions:
    """Keep captions in the time of the viewer; those of the same language go.

    Raises NotTheTeacher, UnknownLanguage, CaptionsTooLarge, CaptionsRefused.
    """
    check_leads(recording, by)
    if language not in LANGUAGES:
        raise UnknownLanguage
    if (file.size or 0) > MOST_BYTES:
        raise CaptionsTooLarge
    try:
        text = webvtt.decoded(file.read())
        webvtt.cues(text)
    except webvtt.Malformed as error:
        raise CaptionsRefused(error.line, str(error.why)) from None
    kept: RecordingCaptions = RecordingCaptions.objects.update_or_create(
        recording=recording,
        language=language,
        defaults={"tenant": recording.tenant, "text": text, "by": by, "added_at": at},
    )[0]
    return kept


def remove_captions(*, captions: RecordingCaptions, by: Membership) -> None:
    """Raises NotTheTeacher."""
    check_leads(captions.recording, by)
    captions.delete()


def captions_told(recording: Recording, member: Membership) -> list[dict[str, Any]]:
    return [
        {
            "id": each.public_id,
            "language": each.language,
            "name": LANGUAGES.get(each.language, each.language),
            "at": each.added_at.isoformat(),
            "url": link_to("recorded-captions", each.public_id, member),
        }
        for each in recording.captions.defer("text")
    ]
