"""Answers to a listener's NACKs: over RTX, or byte for byte where it has none (RFC 4588, RFC 4585 6.2.1)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from signaling.sfu.history import Answers
from signaling.sfu.rendition import Cut, Stretch
from signaling.sfu.rewrite import Rewriter, Run
from signaling.sfu.rtp import Packet
from signaling.sfu.spec import SendSpec

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.srtp import Sealer

MOST_PADDING = 255  # octets
HEADERS = 20  # octets of header and extension
LOSSY = 0.03  # share of packets lost from which on an answer goes out twice: it is as likely to be lost
REPEATABLE = 1000  # libsrtp seals an index again only within its window of 1,024
LOST_FOR_GOOD = frozenset({"nack_gone", "nack_spent"})  # only a key frame helps
MENDING = 1.0  # seconds between two key frames that are asked for because of that


class Repeats:
    """One listener's; keeps no packets, because the rewriter leads back to the layer's history."""

    def __init__(self, listener: DownTrack, rewriter: Rewriter, spec: SendSpec) -> None:
        self._listener = listener
        self._rewriter = rewriter
        self.rtx_payload_type: int | None = None
        self.speak(spec)
        self._rtx_next = secrets.randbelow(0x4000)
        self._answers = Answers()
        self._mended_at = -MENDING

    def speak(self, spec: SendSpec) -> None:
        """Payload types as agreed; RTX only for a listener that was given an SSRC for it from the start."""
        self.rtx_payload_type = spec.rtx_payload_type if self._listener.rtx_ssrc is not None else None

    def nacked(self, sequences: tuple[int, ...], now: float) -> None:
        """Send again what is still here, within the limits of history.py."""
        for sequence in sequences[:REPEATABLE]:
            self._listener.stats.nacked += 1
            reason = self._answer(sequence, now)
            if reason is None:
                continue
            self._listener.subscriber.drop(reason)
            if reason in LOST_FOR_GOOD:
                self._mend(now)

    def _mend(self, now: float) -> None:
        """What it waits for will never come; browsers ask for a key frame only after three seconds."""
        if now - self._mended_at >= MENDING and self._listener.subscriber.may_repeat():
            self._mended_at = now
            self._listener.ask_key_frame()

    def _answer(self, sequence: int, now: float) -> str | None:
        found = self._find(sequence, now)
        if isinstance(found, str):
            return found
        run, stretch, packet, out = found
        listener = self._listener
        if self.rtx_payload_type is None and listener.shape.wide:
            return "nack_without_rtx"  # the same index with another transport-wide number in the header
        subscriber, sealer = listener.subscriber, listener.subscriber.sealer
        if not subscriber.may_repeat():
            return "nack_unaffordable"
        copies = 2 if listener.stats.fraction_lost > LOSSY and listener.rtx_ssrc is not None else 1
        granted = self._answers.grant(out, now, subscriber.rtt or 0.0, copies)
        if not granted:
            if self._answers.spent(out, now, subscriber.rtt or 0.0):
                return "nack_spent"
            return "nack_refused"
        if sealer is not None:
            cut = run.source.cut(packet, stretch)
            subscriber.repeated(granted * len(cut.payload))
            for _ in range(granted):
                listener.stats.resent += 1
                self._send(sealer, cut, run, out & 0xFFFF)
        return None

    def _find(self, sequence: int, now: float) -> tuple[Run, Stretch, Packet, int] | str:
        """What went out under this number, or why there is nothing to send again."""
        found = self._rewriter.find(sequence)
        if found is None or self._rewriter.last - found[2] > REPEATABLE:
            return "nack_too_old"
        run, place, out = found
        current = self._rewriter.current
        if run.source.layer.track is not self._listener.source:
            return "nack_too_old"
        if current is not None and current.source.layer is not run.source.layer:
            return "nack_before_switch"  # the key frame that came then needs nothing from before
        stretch = run.source.stretch_at(place)
        if stretch is None:
            return "nack_too_old"
        history, number = run.source.layer.history, place + stretch.skipped
        packet = history.get(number, now)
        if packet is None:
            if history.taken(number):
                return "nack_gone"
            return "nack_never_came"
        return run, stretch, packet, out

    def _send(self, sealer: Sealer, cut: Cut, run: Run, sequence: int) -> None:
        timestamp, shifts = (cut.timestamp + run.ticks) & 0xFFFFFFFF, run.shifts(cut.pictures)
        listener, forwarded = self._listener, cut.forwarded
        if listener.rtx_ssrc is None or self.rtx_payload_type is None:
            # The same octets under the same index: libsrtp makes the same datagram of them.
            sealer.rtp(
                cut.marker | listener.type_of(cut), sequence, timestamp, listener.ssrc, cut.payload,
                shape=listener.shape, forwarded=forwarded, picture=cut.frame, shifts=shifts,
            )  # fmt: skip
            return
        again = bytearray(sequence.to_bytes(2, "big") + cut.payload)
        if cut.frame is not None and shifts is not None:
            cut.frame.patch(memoryview(again), 2, shifts)
        sealer.rtp(
            cut.marker | self.rtx_payload_type, self._rtx_next & 0xFFFF, timestamp, listener.rtx_ssrc,
            bytes(again), shape=listener.shape, forwarded=forwarded,
        )  # fmt: skip
        self._rtx_next += 1

    def probe(self, octets: int, packets: int) -> int:
        """Padding alone on the RTX SSRC: what a receiver takes for a retransmission of nothing."""
        sealer, rtx_ssrc = self._listener.subscriber.sealer, self._listener.rtx_ssrc
        timestamp = self._listener.sent_timestamp or 0  # any will do before the first packet
        if sealer is None or rtx_ssrc is None or self.rtx_payload_type is None:
            return 0
        sent = 0
        for _ in range(packets):
            padding = min(MOST_PADDING, octets - sent - HEADERS)
            if padding < 1:
                break
            marked, shape = self.rtx_payload_type, self._listener.shape
            sequence = self._rtx_next & 0xFFFF
            if not sealer.rtp(marked, sequence, timestamp, rtx_ssrc, b"", shape=shape, padding=padding):
                break
            self._rtx_next += 1
            sent += padding + HEADERS
        return sent
