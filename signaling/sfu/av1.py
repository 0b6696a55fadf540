"""AV1 payloads ("RTP Payload Format For AV1", 4.4): where coded video sequences and frames begin.

What layer a packet belongs to stands in the dependency descriptor alone; without one a stream is forwarded
whole.
"""

from __future__ import annotations

from signaling.sfu import dependency
from signaling.sfu.frame import Frame
from signaling.sfu.rtp import Packet


class Av1Frame(Frame):
    """`value` and `descriptor` are the header extension as it came; None without one."""

    __slots__ = ("descriptor", "value")

    def __init__(self) -> None:
        super().__init__()
        self.value: bytes | None = None
        self.descriptor: dependency.Descriptor | None = None

    def extension(self, spatial: int, temporal: int) -> bytes | None:
        if self.value is None or self.descriptor is None:
            return None
        return dependency.restricted(self.value, self.descriptor, spatial, temporal)


class Reader:
    """One layer's packets."""

    def __init__(self) -> None:
        self._dependencies = dependency.Reader()

    def read(self, packet: Packet) -> Frame:
        """Raises ValueError when the payload or its descriptor is cut off."""
        if len(packet.payload) < 2:
            raise ValueError("an AV1 payload is short")
        frame = Av1Frame()
        value = packet.dependency
        if value is None:
            aggregation = packet.payload[0]
            frame.starts, frame.ends = not aggregation & 0x80, bool(packet.marker)
            frame.key = frame.independent = frame.switch_up = bool(aggregation & 0x08)
        else:
            frame.value, frame.descriptor = value, self._dependencies.read(value, packet.number)
            dependency.describe(frame.descriptor, frame)
        return frame
