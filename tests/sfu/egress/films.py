"""What a recorded file holds, said by Debian's ffprobe and ffmpeg: programs that share nothing with ours."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any


def probe(path: Path, *, leaps: bool = False) -> dict[str, Any]:
    """The one stream, with the `times` of its frames and the file's `duration` in seconds; all is decoded, no
    complaint is accepted, but that times leap where a sender's do (`leaps`)."""
    shown = "stream=codec_name,width,height:frame=pts_time:format=duration"
    asked = ["-show_entries", shown, "-of", "json", str(path)]
    done = subprocess.run(["ffprobe", "-v", "warning", *asked], capture_output=True, text=True, check=True)
    complaints = done.stderr.splitlines()
    assert not [each for each in complaints if not (leaps and "DTS discontinuity" in each)]
    said = json.loads(done.stdout)
    times = [float(each["pts_time"]) for each in said["frames"]]
    return {**said["streams"][0], "times": times, "duration": float(said["format"]["duration"])}


def longest_gap(times: list[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def loudness(path: Path) -> float:
    """Mean volume in dB."""
    command = ["ffmpeg", "-hide_banner", "-i", str(path), "-af", "volumedetect", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.search(r"mean_volume: (-?[\d.]+) dB", said)
    assert found
    return float(found[1])
