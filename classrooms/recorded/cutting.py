"""Nothing after a moment: what ran on after a pause or a No, until the media server heard of it, goes."""

from __future__ import annotations

import os
from pathlib import Path

FORMATS = {".mkv": "matroska"}  # the rest are called as their files end


def cut(path: Path, seconds: float) -> bool:
    """Leave the first `seconds` of a file, its packets as they are; whether anything is left. Whoever is
    killed on the way leaves the whole file. Raises OSError (av.FFmpegError is one where a disk is full)."""
    import av  # slow to import, and hardly ever needed

    draft = path.with_name(f"{path.stem}-cut{path.suffix}")
    kept = 0
    kind = FORMATS.get(path.suffix, path.suffix[1:])
    with av.open(str(path)) as whole, av.open(str(draft), "w", format=kind) as part:
        streams = [part.add_stream_from_template(stream) for stream in whole.streams]
        for packet in whole.demux():
            if packet.pts is None or packet.pts * packet.time_base >= seconds:
                continue
            packet.stream = streams[packet.stream_index]
            part.mux(packet)
            kept += 1
    os.replace(draft, path)
    return kept > 0
