"""One packet to many listeners: headers composed for all at once, so that no Python object is touched for
each packet and listener.

A listener's row holds constants (offsets, SSRC, payload type, address, keys); they change when it enters,
leaves or moves to another address, and are put together again then. What the arrays do is what Sealer.rtp
does for one: tests/sfu/plane/test_fan.py compares them octet for octet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from signaling.sfu.frame import Frame
from signaling.sfu.sendlog import KEPT
from signaling.sfu.shape import Shape
from signaling.sfu.srtp import SEAL_FAILED, Sealer
from signaling.sfu.udp import UdpPort

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.rendition import Cut

    Row = tuple[DownTrack, Sealer]

FEW = 3  # listeners of one kind below which arrays cost more than they save
MOST_ROWS = 128  # sent at once; half of what a port's queue holds
HEAD = np.dtype(
    [("first", "u1"), ("second", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"), ("ssrc", ">u4")]
)


class Fan:
    """The listeners of one rendition."""

    __slots__ = ("_flights", "_listeners", "_singles", "_stale")

    def __init__(self) -> None:
        self._listeners: list[DownTrack] = []
        self._flights: list[Flight] = []
        self._singles: list[DownTrack] = []
        self._stale = False

    def add(self, listener: DownTrack) -> None:
        self._listeners.append(listener)
        self._stale = True

    def remove(self, listener: DownTrack) -> None:
        self._listeners.remove(listener)
        self._stale, self._flights, self._singles = True, [], []  # his keys may go with his transport

    def rearrange(self) -> None:
        """Something of a row is no longer what it was: its address."""
        self._stale = True

    def send(self, cut: Cut) -> None:
        if self._stale:
            self._arrange()
        for flight in self._flights:
            flight.send(cut)
        for listener in self._singles:
            listener.send_one(cut)

    def _arrange(self) -> None:
        self._stale = False
        kinds: dict[tuple[UdpPort, Shape], dict[int, Row]] = {}
        self._flights, self._singles = [], []
        for listener in self._listeners:
            sealer = listener.subscriber.sealer
            if sealer is None:
                continue
            rows = kinds.setdefault((sealer.port, listener.shape), {})
            if sealer.log.row not in rows:
                rows[sealer.log.row] = listener, sealer
            else:  # a flight has one transport-wide number of each transport
                self._singles.append(listener)
        for rows in kinds.values():
            self._share_out(list(rows.values()))

    def _share_out(self, rows: list[Row]) -> None:
        if len(rows) < FEW:
            self._singles += [listener for listener, _ in rows]
        else:
            self._flights += [Flight(rows[i : i + MOST_ROWS]) for i in range(0, len(rows), MOST_ROWS)]


class Flight:
    """Listeners on one port whose headers have one shape."""

    __slots__ = (
        "_count", "_handles", "_heads", "_ids", "_keys", "_kind", "_logs", "_names", "_octets", "_patches",
        "_port", "_protect", "_red_types", "_rows", "_sealers", "_sequences", "_shape", "_shifts", "_starts",
        "_ticks", "_timestamps", "_tl0s", "_types",
    )  # fmt: skip

    def __init__(self, rows: list[Row]) -> None:
        listeners, self._sealers = [row[0] for row in rows], [row[1] for row in rows]  # keeps the keys alive
        runs = [listener.run for listener in listeners]
        first = self._sealers[0]
        self._count = len(listeners)
        self._port, self._shape, self._protect = first.port, listeners[0].shape, first.protect
        self._logs = first.log.logs
        self._handles = [sealer.handle for sealer in self._sealers]
        self._rows = np.array([sealer.log.row for sealer in self._sealers])
        self._starts = self._rows * KEPT
        names = b"".join(sealer.peer for sealer in self._sealers)
        self._names = np.frombuffer(names, np.uint8).reshape(self._count, -1)
        self._shifts = np.array([run.shift & 0xFFFF for run in runs], np.uint16)
        self._ticks = np.array([run.ticks for run in runs], np.uint32)
        self._ids, tl0s, keys = np.array([run.pictures for run in runs], np.int64).T
        self._tl0s, self._keys = tl0s.astype(np.uint8), keys.astype(np.uint8)
        self._patches = bool(self._ids.any() or tl0s.any() or keys.any())
        self._types = np.array([listener.payload_type for listener in listeners], np.uint8)
        self._red_types = np.array([listener.red_payload_type or 0 for listener in listeners], np.uint8)
        self._heads = np.zeros(self._count, HEAD)
        self._heads["ssrc"] = [listener.ssrc for listener in listeners]
        self._octets = self._heads.view(np.uint8).reshape(self._count, HEAD.itemsize)
        self._sequences, self._timestamps = self._heads["sequence"], self._heads["timestamp"]
        self._kind: tuple[bool, int, bool] | None = None  # what the first two octets of the heads say

    def send(self, cut: Cut) -> None:
        port, count = self._port, self._count
        if not port.reserve(count):
            return
        outbox, start, end = port.outbox, port.tail, port.tail + count
        block, wide_at = self._shape.block(cut.forwarded)
        body = np.frombuffer(block + cut.payload, np.uint8)
        size = HEAD.itemsize + len(body)
        slots = outbox.octets[start:end]
        self._compose_heads(cut, bool(block))
        slots[:, : HEAD.itemsize] = self._octets
        slots[:, HEAD.itemsize : size] = body
        if wide_at >= 0:
            numbers = self._logs.enter(self._rows, self._starts, size)
            outbox.column(HEAD.itemsize + wide_at)[start:end] = numbers
        if cut.frame is not None and (cut.pictures or self._patches):
            self._patch(slots[:, HEAD.itemsize + len(block) :], cut.frame, cut.pictures)
        outbox.octet_counts[start:end] = size
        outbox.name_octets[start:end] = self._names
        failed = list(
            map(self._protect, self._handles, outbox.pointers[start:end], outbox.lengths[start:end])
        )
        port.queue(count - self._close_up(start, failed) if any(failed) else count)

    def _compose_heads(self, cut: Cut, extended: bool) -> None:
        kind = (extended, cut.marker, cut.redundant)
        if kind != self._kind:
            self._kind = kind
            self._heads["first"] = 0x90 if extended else 0x80
            self._heads["second"] = (self._red_types if cut.redundant else self._types) | cut.marker
        self._sequences[:] = self._shifts + (cut.place & 0xFFFF)
        self._timestamps[:] = self._ticks + cut.timestamp

    def _patch(self, payloads: NDArray[np.uint8], frame: Frame, pictures: int) -> None:
        """Frame.patch for all rows."""
        if frame.id >= 0:
            ids = (self._ids + (frame.id + pictures)) & 0x7FFF | 0x8000
            octets = ids.astype(">u2").view(np.uint8).reshape(self._count, 2)
            payloads[:, frame.id_at : frame.id_at + 2] = octets
        if frame.tl0_at >= 0:
            payloads[:, frame.tl0_at] = self._tl0s + frame.tl0
        if frame.key_index_at >= 0:
            column = payloads[:, frame.key_index_at]
            column[:] = column & 0xE0 | (self._keys + frame.key_index) & 0x1F

    def _close_up(self, start: int, failed: list[int]) -> int:
        """Take what could not be encrypted out of the slots; answers how many."""
        outbox, to = self._port.outbox, start
        for slot, status in enumerate(failed, start):
            if status:
                self._sealers[slot - start].drops.count(SEAL_FAILED)
                continue
            if to != slot:
                for kept in (outbox.octets, outbox.octet_counts, outbox.name_octets):
                    kept[to] = kept[slot]
            to += 1
        return start + len(failed) - to
