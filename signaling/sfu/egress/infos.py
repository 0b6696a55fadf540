"""What everybody is told of a recording: LiveKit's EgressInfo, from its beginning to its file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from livekit.protocol import egress, models

from signaling.sfu.messages import new_sid
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.refusals import BadRequest

PATH = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
ENDINGS = re.compile(r"\.(webm|mkv|mp4|ogg)$")
NANO = 1_000_000_000
FULL, SLOW, BROKEN = "The disk is full.", "The disk is too slow.", "The disk cannot be written."
TAKEN = "There is a recording of that name."
LATER = "The recording cannot be finished just now; it is tried again."
UNFINISHED = "The recording could not be finished."
DIED = "The media server ended before the recording did."

Status = egress.EgressStatus


def checked_path(path: str) -> str:
    """Without its ending: that is the codec's. Raises BadRequest for one that would leave the folder."""
    path = ENDINGS.sub("", path)
    if path and (not PATH.fullmatch(path) or len(path) > 250):
        raise BadRequest("The path is made of letters, digits, - and _, with / between folders.")
    return path


def new_info(publisher: Participant, publication: Publication, now: float) -> egress.EgressInfo:
    room = publisher.room
    return egress.EgressInfo(
        egress_id=new_sid("EG_"),
        room_id=room.sid,
        room_name=room.name,
        status=Status.EGRESS_STARTING,
        started_at=round(now * NANO),
        track=egress.TrackEgressRequest(room_name=room.name, track_id=publication.sid),
        details=json.dumps({"identity": publisher.identity, "source": source_of(publication)}),
    )


def source_of(publication: Publication) -> str:
    """`camera`, `microphone`, `screen_share` or `screen_share_audio`."""
    return models.TrackSource.Name(publication.info.source).lower()


def left_behind(facts: Mapping[str, Any]) -> egress.EgressInfo:
    """Of a recording that an engine before began: by its log's head, or by what was made of it."""
    return egress.EgressInfo(
        egress_id=facts["egress_id"],
        room_id=facts["room_sid"],
        room_name=facts["room"],
        status=Status.EGRESS_ENDING,
        started_at=round(facts["started"] * NANO),
        track=egress.TrackEgressRequest(room_name=facts["room"], track_id=facts["track"]),
        details=json.dumps({"identity": facts["identity"], "source": facts["source"]}),
        error=DIED,
    )


def tell_so_far(info: egress.EgressInfo, made: dict[str, Any]) -> None:
    """A file of what there is, while it goes on: in `details` under `so_far`, times in seconds since 1970."""
    facts = json.loads(info.details)
    so_far = {name: made[name] for name in ("path", "started", "ended", "size", "width", "height")}
    info.details = json.dumps(facts | {"so_far": so_far})


def complete(info: egress.EgressInfo, made: dict[str, Any]) -> None:
    """What was made of it. `details` has what LiveKit's messages have no place for, as JSON."""
    full = info.error == FULL
    info.status = Status.EGRESS_LIMIT_REACHED if full else Status.EGRESS_COMPLETE
    started, ended = round(made["started"] * NANO), round(made["ended"] * NANO)
    info.ended_at = info.ended_at or ended
    info.file.CopyFrom(
        egress.FileInfo(
            filename=made["path"],
            location=made["path"],
            started_at=started,
            ended_at=ended,
            duration=ended - started,
            size=made["size"],
        )
    )
    del info.file_results[:]
    info.file_results.append(info.file)
    more = ("identity", "source", "mime", "sha256", "width", "height", "frames")
    info.details = json.dumps({name: made[name] for name in more})
