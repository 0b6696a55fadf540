"""All recordings of one engine: begun, flushed, ended, finished; and those an engine before left behind.

A recording is a log while the class runs (packets.py), a file afterwards. Logs are finished one at a time by
a process of low priority; whatever ends this engine, its logs stay, and the next one finishes them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from livekit.protocol import egress, models
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu.clock import Clock, Timer
from signaling.sfu.egress.clocks import Skew
from signaling.sfu.egress.disk import Disk, GrowingFile
from signaling.sfu.egress.finishing import finished, is_written, read_made
from signaling.sfu.egress.infos import (
    BROKEN,
    FULL,
    NANO,
    SLOW,
    Status,
    checked_path,
    complete,
    info_of,
    new_info,
    source_of,
    tell_so_far,
)
from signaling.sfu.egress.packets import MADE, SUFFIX, Head
from signaling.sfu.egress.recorder import Recorder
from signaling.sfu.egress.sofar import SoFar
from signaling.sfu.events import Tell
from signaling.sfu.messages import new_sid
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.refusals import BadRequest, Busy, NotFound, Unimplemented

log = logging.getLogger(__name__)

FLUSH = 0.25  # seconds: what a killed process may cost, with what the disk takes
RESERVE = 2 * 1024 * 1024  # bytes of the file system that are left alone
REMEMBERED = 500  # ended egresses that `list` still knows
MOST = 300  # at once
TRY_AGAIN = 5.0  # seconds: a log whose writer still lives
CLOSE_WITHIN = 1.0  # seconds


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
        self._unfinished: dict[Path, int] = {}  # logs that wait to be finished, and their bytes
        self._finishing: asyncio.Task[None] | None = None
        self._so_far = SoFar(root, self._made_so_far) if root else None
        self._closed = False

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
        file = self._open(self.root / f"{target}{SUFFIX}", info.egress_id)
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
        if found is None or not found.active or self._so_far is None:
            raise NotFound("There is no such egress, or it has ended.")
        if not self._has_room(found.file.written):
            raise Busy(FULL)
        self._so_far.ask(egress_id, found.file.path)
        return found.info

    def list(
        self, *, room: str = "", egress_id: str = "", active: bool = False
    ) -> Iterator[egress.EgressInfo]:
        for known in self._known.values():
            known.refresh()
        everything = [*(known.info for known in self._known.values()), *self._ended.values()]
        for info in everything:
            named = (not room or info.room_name == room) and (not egress_id or info.egress_id == egress_id)
            if named and (not active or info.status <= Status.EGRESS_ACTIVE):
                yield info

    def recover(self) -> None:
        """Finish what an engine before left behind. Called on the running loop."""
        if self.root is None:
            return
        for path in self.root.rglob(f"*{MADE}"):
            if made := read_made(path):
                self._finished(path, made)
        for path in sorted(self.root.rglob(f"*{SUFFIX}")):
            with suppress(OSError):  # another process has just finished it
                self._unfinished.setdefault(path, path.stat().st_size)
        self._finish_soon()

    def close(self) -> None:
        """Write what waits, and leave the rest to the next engine. Idempotent."""
        if self._closed:
            return
        self._closed = True
        for found in list(self._known.values()):
            if found.active:
                self._end(found)
        self._disk.close(CLOSE_WITHIN)
        if self._finishing:
            self._finishing.cancel()
        if self._so_far:
            self._so_far.close()
        if self._flush:
            self._flush.cancel()

    # Writing

    def _open(self, path: Path, egress_id: str) -> GrowingFile:
        failed = lambda error: self._failed(egress_id, error)  # noqa: E731
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not self._has_room(0):
                raise Busy(FULL)
            return GrowingFile(self._disk, path, room_for=self._has_room, failed=failed)
        except FileExistsError:
            raise BadRequest("There is a recording of that name.") from None
        except OSError as error:
            log.warning("a recording cannot be begun: %s", error.strerror)
            raise Busy(f"The recording cannot be written: {error.strerror}.") from None

    def _has_room(self, octets: int) -> bool:
        """Finishing a log takes about as much again as the log has. On the disk's thread."""
        assert self.root is not None
        state = os.statvfs(self.root)
        written = sum(known.file.written for known in list(self._known.values()))
        needed = written + sum(list(self._unfinished.values())) + 2 * octets + RESERVE
        return state.f_bavail * state.f_frsize >= needed

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
        full = error.errno in (28, 122)  # ENOSPC, EDQUOT
        log.error("%s: %s", egress_id, error.strerror or error)
        found.info.error = FULL if full else BROKEN
        self._announce("egress_updated", found.info)
        self._end(found)

    def _soon(self, work: Callable[[], None]) -> None:
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
        self._unfinished[found.file.path] = found.file.written
        self._finish_soon()

    def _finish_soon(self) -> None:
        if self._finishing is None and self._unfinished and not self._closed:
            self._finishing = asyncio.get_running_loop().create_task(self._finish_all())

    async def _finish_all(self) -> None:
        try:
            while self._unfinished and not self._closed:
                path = next(iter(self._unfinished))
                if is_written(path):
                    await asyncio.sleep(TRY_AGAIN)
                    self._unfinished[path] = self._unfinished.pop(path)
                    continue
                made = await finished(path, self.root or path.parent)
                self._unfinished.pop(path, None)
                if made is None:
                    self._not_finished(path)
                else:
                    self._finished(path, made)
        finally:
            self._finishing = None

    def _not_finished(self, path: Path) -> None:
        """The log stays, for the next engine."""
        log.error("a recording could not be finished: %s", path.name)
        self._count("recording_unfinished")
        found = next((known for known in self._known.values() if known.file.path == path), None)
        if found is not None:
            found.info.status = Status.EGRESS_FAILED
            found.info.error = found.info.error or "The recording could not be finished."
            self._forget(found.info)

    def _finished(self, path: Path, made: dict[str, Any]) -> None:
        """`path`: of its log, or of what an engine before was told of it and could not pass on."""
        known = self._known.get(made["egress_id"])
        info = known.info if known else info_of(made)
        complete(info, made)
        self._count("recording_finished")
        self._forget(info)
        path.with_suffix(MADE).unlink(missing_ok=True)

    def _made_so_far(self, egress_id: str, made: dict[str, Any]) -> None:
        found = self._known.get(egress_id)
        if found is not None and found.active and made["path"]:
            tell_so_far(found.info, made)
            self._announce("egress_updated", found.info)

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
