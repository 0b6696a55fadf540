"""What a forwarder knows of the frame a packet belongs to, whatever the codec, and nothing of the picture.

A picture is what one timestamp shows; with spatial layers (VP9, AV1) it is made of one frame for each layer.
Readers fill a Frame for each packet; a counter that a codec's descriptor does not have is -1.
"""

from __future__ import annotations

Shifts = tuple[int, int, int]
"""What to add to the picture id (mod 2^15), TL0PICIDX (mod 256) and KEYIDX (mod 32)."""


class Frame:
    """The common descriptor, and where the counters of VP8 and VP9 stand in the payload."""

    __slots__ = (
        "ends",  # the last packet of its frame: with spatial layers not always the marker's
        "height",  # pixels of the whole picture, where a key picture starts and tells them; else 0
        "id",
        "id_at",
        "independent",  # the frame predicts from its own picture only: its spatial layer can be entered here
        "key",  # the first packet of a key picture: a newcomer can enter the stream here
        "key_index",
        "key_index_at",
        "spatial",  # 0.., the lowest first
        "starts",  # the first packet of its frame
        "switch_up",  # frames of the next temporal layers can be taken from this one on
        "temporal",  # 0.., the lowest first
        "tl0",
        "tl0_at",
        "width",
    )

    closes_gaps = False
    """Whether picture ids must stay consecutive when pictures are left out (VP8)."""

    def __init__(self) -> None:
        self.id = self.tl0 = self.tl0_at = self.key_index = self.key_index_at = -1
        self.id_at = self.spatial = self.temporal = self.width = self.height = 0
        self.starts = self.ends = self.key = self.independent = self.switch_up = False

    def extension(self, spatial: int, temporal: int) -> bytes | None:
        """The dependency descriptor to send along to listeners limited to these layers; None without one."""
        return None

    def patch(self, view: memoryview, start: int, shifts: Shifts) -> None:
        """Rewrite the counters of a payload that was copied to `start`. The id has its 15-bit form."""
        if self.id >= 0:
            shifted, at = (self.id + shifts[0]) & 0x7FFF, start + self.id_at
            view[at] = 0x80 | shifted >> 8
            view[at + 1] = shifted & 0xFF
        if self.tl0_at >= 0:
            view[start + self.tl0_at] = (self.tl0 + shifts[1]) & 0xFF
        if self.key_index_at >= 0:
            at = start + self.key_index_at
            view[at] = view[at] & 0xE0 | (self.key_index + shifts[2]) & 0x1F
