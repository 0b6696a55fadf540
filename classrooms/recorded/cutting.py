"""Nothing after a moment: what ran on after a pause or a No, until the media server heard of it, goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.packet import Packet

FORMATS = {".mkv": "matroska"}  # the rest are called as their files end


def cut(path: Path, seconds: float) -> bool:
    """Leave the first `seconds` of a file, its packets as they are, the last one shown to the end; whether
    anything is left. Whoever is killed on the way leaves the whole file. Raises OSError (av.FFmpegError is
    one where a disk is full)."""
    import av  # slow to import, and hardly ever needed

    draft = path.with_name(f"{path.stem}-cut{path.suffix}")
    last: dict[int, Packet[Any]] = {}
    kind = FORMATS.get(path.suffix, path.suffix[1:])
    with av.open(str(path)) as whole, av.open(str(draft), "w", format=kind) as part:
        streams = [part.add_stream_from_template(stream) for stream in whole.streams]
        for packet in whole.demux():
            if packet.pts is None or packet.pts * packet.time_base >= seconds:
                continue
            if packet.stream_index in last:
                part.mux(last[packet.stream_index])
            last[packet.stream_index] = packet
            packet.stream = streams[packet.stream_index]
        for packet in last.values():
            packet.duration = round(seconds / packet.time_base) - (packet.pts or 0)
            part.mux(packet)
    os.replace(draft, path)
    return bool(last)
