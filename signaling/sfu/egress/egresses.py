"""All recordings of one engine: begun, flushed, ended, finished; and those an engine before left behind.

A recording is a log while the class runs (packets.py), a file afterwards. Logs are finished one at a time by
a process of low priority; whatever ends this engine, its logs stay, and the next one finishes them. Nothing
here waits for a disk: a packet might wait for it.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from livekit.protocol import egress, models
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu.clock import Clock, Timer
from signaling.sfu.egress.clocks import Skew
from signaling.sfu.egress.disk import Disk, GrowingFile
from signaling.sfu.egress.finisher import Finisher
from signaling.sfu.egress.infos import (
    BROKEN,
    FULL,
    LATER,
    NANO,
    SLOW,
    TAKEN,
    UNFINISHED,
    Status,
    checked_path,
    complete,
    new_info,
    source_of,
    tell_so_far,
)
from signaling.sfu.egress.packets import SUFFIX, Head
from signaling.sfu.egress.recorder import Recorder
from signaling.sfu.egress.sofar import SoFar
from signaling.sfu.egress.space import Space
from signaling.sfu.events import Tell
from signaling.sfu.messages import new_sid
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.refusals import BadRequest, Busy, NotFound, Unimplemented

log = logging.getLogger(__name__)

FLUSH = 0.25  # seconds: what a killed process may cost, with what the disk takes
LOOK_EVERY = 5.0  # seconds between two looks at the place there is
REMEMBERED = 500  # ended egresses that `list` still knows
MOST = 300  # at once
CLOSE_WITHIN = 1.0  # seconds
REASONS = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EEXIST: TAKEN}


class Egress:
    """One track's recording. `info` is what everybody is told of it."""

    def __init__(self, info: egress.EgressInfo, file: GrowingFile, began: float) -> None:
        self.info = info
        self.file = file
        self.began = began
        self.recorder: Recorder | None = None
        self.late = False

    @property
    def active(self) -> bool:
        return self.recorder is not None

    def refresh(self) -> None:
        """What is safely on the disk, in bytes and nanoseconds."""
        self.info.file.size = self.file.written
        if self.file.newest:
            self.info.file.duration = round((self.file.newest - self.began) * NANO)


class Egresses:
    """`root` None: this engine records nothing."""

    def __init__(self, root: Path | None, clock: Clock, tell: Tell, count: Callable[[str], None]) -> None:
        self.root = root
        self.clock = clock
        self._tell = tell
        self._count = count
        self._disk = Disk(self._soon)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._known: dict[str, Egress] = {}
        self._ended: dict[str, egress.EgressInfo] = {}
        self._skews: WeakKeyDictionary[Any, Skew] = WeakKeyDictionary()
        self._flush: Timer | None = None
        self._watching: Timer | None = None
        self._closed = False
        if root is not None:
            self._space = Space(root, self._disk, self._needed)
            self._finisher = Finisher(root, self._disk, clock, self._finished, self._not_finished)
            self._so_far = SoFar(root, self._made_so_far)

    @property
    def running(self) -> int:
        """How many tracks are recorded just now."""
        return sum(known.active for known in self._known.values())

    def start(self, publisher: Participant, publication: Publication, path: str) -> egress.EgressInfo:
        """Record a track from now on. Raises Refusal."""
        if self.root is None:
            raise Unimplemented("This media server has no folder for recordings.")
        track = publication.track
        if track is None or track.closed:
            raise NotFound("There is no such track.")
        if publication.info.encryption != models.Encryption.NONE:
            raise BadRequest("The track is encrypted from end to end: nobody could play its recording.")
        if track.recorded:
            raise BadRequest("The track is recorded already.")
        if self.running >= MOST:
            raise Busy("The media server records as much as it may.")
        room, now = publisher.room, self.clock.wall()
        info = new_info(publisher, publication, now)
        target = checked_path(path) or f"{room.name}/{info.egress_id}"
        head = Head(
            egress_id=info.egress_id,
            room=room.name,
            room_sid=room.sid,
            track=publication.sid,
            identity=publisher.identity,
            source=source_of(publication),
            mime=track.mime,
            rate=track.spec.clock_rate,
            channels=2 if publication.info.stereo else 1,
            started=now,
            path=target,
        )
        file = self._begin(self.root / f"{target}{SUFFIX}", info.egress_id)
        file.append(head.pack())
        found = self._known[info.egress_id] = Egress(info, file, now)
        skew = self._skews.setdefault(track.publisher, Skew())
        ended = lambda: self._end(found)  # noqa: E731
        found.recorder = Recorder(track, file.append, self.clock.wall, skew, ended)
        room.bandwidth.recorded(publisher, publication)
        info.status = Status.EGRESS_ACTIVE
        self._announce("egress_started", info)
        self._keep_flushing()
        return info

    def stop(self, egress_id: str) -> egress.EgressInfo:
        """Raises NotFound. What has ended already stays as it is."""
        if found := self._known.get(egress_id):
            self._end(found)
            return found.info
        if egress_id not in self._ended:
            raise NotFound("There is no such egress.")
        return self._ended[egress_id]

    def so_far(self, egress_id: str) -> egress.EgressInfo:
        """Have a file made of what there is, while it goes on; told as `egress_updated`. Raises Refusal."""
        found = self._known.get(egress_id)
        if found is None or not found.active:
            raise NotFound("There is no such egress, or it has ended.")
        if not found.file.exists:
            raise Busy(SLOW)
        if trouble := self._space.trouble(found.file.written):
            raise Busy(trouble)
        self._so_far.ask(egress_id, found.file.path)
        return found.info

    def list(
        self, *, room: str = "", egress_id: str = "", active: bool = False
    ) -> Iterator[egress.EgressInfo]:
        """What waits to be finished too, as ending; whichever engine began it."""
        for known in self._known.values():
            known.refresh()
        for info in {each.egress_id: each for each in self._infos()}.values():
            named = (not room or info.room_name == room) and (not egress_id or info.egress_id == egress_id)
            if named and (not active or info.status <= Status.EGRESS_ACTIVE):
                yield info

    def _infos(self) -> Iterator[egress.EgressInfo]:
        yield from (known.info for known in self._known.values())
        if self.root is not None:
            yield from self._finisher.infos()
        yield from self._ended.values()

    def recover(self) -> None:
        """Finish what an engine before left behind. Called on the running loop, before anything begins."""
        if self.root is not None:
            self._finisher.recover()
            self._watch()

    def close(self) -> None:
        """Write what waits, and leave the rest to the next engine. Idempotent."""
        if self._closed:
            return
        self._closed = True
        for found in list(self._known.values()):
            if found.active:
                self._end(found)
        self._disk.close(CLOSE_WITHIN)
        if self.root is not None:
            self._finisher.close()
            self._so_far.close()
        for timer in (self._flush, self._watching):
            if timer:
                timer.cancel()

    # Writing

    def _begin(self, path: Path, egress_id: str) -> GrowingFile:
        """Raises Refusal for what is known already; what the disk says of it comes later."""
        if any(known.file.path == path for known in self._known.values()):
            raise BadRequest(TAKEN)
        if trouble := self._space.trouble(0):
            raise Busy(trouble)
        failed = lambda error: self._failed(egress_id, error)  # noqa: E731
        return GrowingFile(self._disk, path, self.clock.now(), room_for=self._space.has, failed=failed)

    def _needed(self) -> int:
        """Bytes: finishing a log takes about as much again as the log has. On any thread."""
        written = sum(known.file.written for known in list(self._known.values()) if known.active)
        return written + self._finisher.octets

    def _watch(self) -> None:
        """What begins is to be refused at once where it cannot be written."""
        self._space.look()
        self._watching = self.clock.later(LOOK_EVERY, self._watch)

    def _keep_flushing(self) -> None:
        if self._flush is None and not self._closed:
            self._flush = self.clock.later(FLUSH, self._flush_all)

    def _flush_all(self) -> None:
        self._flush = None
        now = self.clock.now()
        for found in list(self._known.values()):
            if found.active:
                if found.file.flush(now) and found.recorder:
                    found.recorder.begin_anew()  # what found no place is missing
                self._look(found)
        if self._known:
            self._keep_flushing()

    def _look(self, found: Egress) -> None:
        """Tell when the disk falls behind, and when it has caught up."""
        if found.file.late != found.late:
            found.late = found.file.late
            found.info.error = SLOW if found.late else ""
            self._count("recording_late" if found.late else "recording_in_time")
            log.warning(
                "%s: the disk %s", found.info.egress_id, "is behind" if found.late else "keeps up again"
            )
            found.refresh()
            self._announce("egress_updated", found.info)

    def _failed(self, egress_id: str, error: OSError) -> None:
        found = self._known.get(egress_id)
        if found is None:
            return
        log.error("%s: %s", egress_id, error.strerror or error)
        found.info.error = REASONS.get(error.errno or 0, BROKEN)
        self._announce("egress_updated", found.info)
        self._end(found)

    def _soon(self, work: Callable[[], object]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(work)

    # Ending

    def _end(self, found: Egress) -> None:
        """Nothing is recorded any more; the file is made of what came. Idempotent."""
        recorder, found.recorder = found.recorder, None
        if recorder is None:
            return
        recorder.close()
        now = self.clock.wall()
        found.info.status = Status.EGRESS_ENDING
        found.info.ended_at = found.info.updated_at = round(now * NANO)
        self._announce("egress_updated", found.info)
        found.file.close(self.clock.now(), lambda: self._written(found))

    def _written(self, found: Egress) -> None:
        info, file = found.info, found.file
        if info.error == SLOW and not file.lost:
            info.error = ""  # all of it has come to the disk
        if file.exists:
            self._finisher.add(file.path, file.written, info)
        else:
            self._not_finished(info, True)

    def _not_finished(self, info: egress.EgressInfo, given_up: bool) -> None:
        """The log stays, and is tried again."""
        if not given_up:
            info.error = LATER
            self._announce("egress_updated", info)
            return
        self._count("recording_unfinished")
        info.status = Status.EGRESS_FAILED
        info.error = UNFINISHED if info.error in ("", LATER) else info.error
        self._forget(info)

    def _finished(self, info: egress.EgressInfo, made: dict[str, Any]) -> None:
        if made.get("strays"):
            log.warning("%s: %d frames with times that cannot be", info.egress_id, made["strays"])
        complete(info, made)
        self._count("recording_finished")
        self._forget(info)

    def _made_so_far(self, egress_id: str, made: dict[str, Any]) -> None:
        found, path = self._known.get(egress_id), made["path"]
        if not path:
            return
        if found is not None and found.active:
            tell_so_far(found.info, made)
            self._announce("egress_updated", found.info)
        elif self.root is not None:  # nobody wants it any more, and nobody would delete it
            file = self.root / path
            self._disk.do(lambda: file.unlink(missing_ok=True))

    def _forget(self, info: egress.EgressInfo) -> None:
        self._known.pop(info.egress_id, None)
        self._ended[info.egress_id] = info
        if len(self._ended) > REMEMBERED:
            del self._ended[next(iter(self._ended))]
        self._announce("egress_ended", info)

    def _announce(self, name: str, info: egress.EgressInfo) -> None:
        info.updated_at = round(self.clock.wall() * NANO)
        self._tell(
            WebhookEvent(
                event=name,
                id=new_sid("EV_"),
                created_at=int(self.clock.wall()),
                room=models.Room(name=info.room_name, sid=info.room_id),
                egress_info=info,
            )
        )

    def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """What the disk's thread has to say is said there."""
        self._loop = loop
