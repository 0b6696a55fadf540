"""A packet log becomes a file that other programs play: every codec, with losses, and after a crash."""

from __future__ import annotations

import fcntl
import json
import random
import subprocess
import sys
from dataclasses import asdict

import pytest

from signaling.sfu.egress.finish import finish, finish_so_far
from signaling.sfu.egress.packets import RECORD, REPORT, NoLog
from tests.sfu.egress.films import probe
from tests.sfu.egress.logs import BASE, EPOCH, head, opus_rows, video_rows, write

VIDEO = ["video/VP8", "video/VP9", "video/H264", "video/AV1"]


@pytest.mark.parametrize("mime", VIDEO)
def test_a_film_of_each_codec_is_playable_frame_by_frame(mime, tmp_path):
    log = write(tmp_path / "a.packets", head(mime), video_rows(mime, 3.0))
    made = finish(log, tmp_path)
    said = probe(tmp_path / made.path)
    assert said["codec_name"] == mime.partition("/")[2].lower()
    assert (said["width"], said["height"]) == (160, 96) == (made.width, made.height)
    assert said["times"] == pytest.approx([n / 10 for n in range(30)], abs=0.002)
    assert made.frames == 30
    assert made.started == pytest.approx(EPOCH + 0.03, abs=0.001)
    assert made.ended - made.started == pytest.approx(2.9, abs=0.002)
    assert not log.exists()


def test_sound_is_playable_and_tells_when_it_was_spoken(tmp_path):
    log = write(tmp_path / "a.packets", head("audio/opus"), opus_rows(3.0, start=0.5))
    made = finish(log, tmp_path)
    said = probe(tmp_path / made.path)
    assert said["codec_name"] == "opus"
    assert said["times"][-1] == pytest.approx(2.98, abs=0.03)
    assert made.started == pytest.approx(EPOCH + 0.52, abs=0.001)


@pytest.mark.parametrize("mime", VIDEO)
def test_packets_that_came_late_and_twice_stand_where_they_belong(mime, tmp_path):
    rows = video_rows(mime, 3.0)
    mixed = sorted(rows, key=lambda row: row[0] + random.Random(row[0]).uniform(0, 0.4))
    first = next(i for i, row in enumerate(mixed) if row[1] == rows[1][1])  # what a recorder begins with
    mixed = [rows[0], mixed.pop(first), *mixed]
    log = write(tmp_path / "a.packets", head(mime), mixed + rows[5:9])
    assert len(probe(tmp_path / finish(log, tmp_path).path)["times"]) == 30


@pytest.mark.parametrize("mime", VIDEO)
def test_a_lost_packet_costs_the_frames_up_to_the_next_key_frame_and_no_error(mime, tmp_path):
    rows = video_rows(mime, 6.0)  # a key frame each 2 s
    packets = [i for i, row in enumerate(rows) if row[1][0] == 1]
    at = EPOCH + 1.0 + 0.03
    gone = next(i for i in packets if rows[i][0] >= at - 0.001)
    log = write(tmp_path / "a.packets", head(mime), rows[:gone] + rows[gone + 1 :])
    times = probe(tmp_path / finish(log, tmp_path).path)["times"]
    assert times == pytest.approx([n / 10 for n in range(60) if not 10 <= n < 20], abs=0.002)


@pytest.mark.parametrize("mime", ["video/VP8", "audio/opus"])
def test_a_log_that_ends_in_the_middle_of_a_record_loses_only_that_one(mime, tmp_path):
    rows = opus_rows(2.0) if mime == "audio/opus" else video_rows(mime, 2.0)
    whole = write(tmp_path / "w.packets", head(mime, path="w"), rows)
    size = whole.stat().st_size
    lengths = []
    for cut in (1, 7, 30, 500):
        log = write(tmp_path / f"{cut}.packets", head(mime, path=str(cut)), rows)
        with log.open("r+b") as file:
            file.truncate(size - cut)
        lengths.append(len(probe(tmp_path / finish(log, tmp_path).path)["times"]))
    full = len(probe(tmp_path / finish(whole, tmp_path).path)["times"])
    assert all(full - 10 <= length <= full for length in lengths)


def test_a_move_between_layers_goes_on_at_a_key_frame(tmp_path):
    low, high = video_rows("video/VP8", 2.0), video_rows("video/VP8", 2.0, layer=2, first=9_000)
    later = [(at + 2.0, shifted(record, 2.0)) for at, record in high]
    stray = low[30:34]  # of the left layer, after the move
    log = write(tmp_path / "a.packets", head("video/VP8"), low + later[:4] + stray + later[4:])
    times = probe(tmp_path / finish(log, tmp_path).path)["times"]
    assert times == pytest.approx([n / 10 for n in range(40)], abs=0.003)


def shifted(record: bytes, seconds: float) -> bytes:
    """The same record so much later."""
    kind, flags, size, number, timestamp, arrival = RECORD.unpack_from(record)
    top = RECORD.pack(kind, flags, size, number, timestamp, arrival + seconds)
    if kind == 1:
        return top + record[RECORD.size :]
    ntp, offset = REPORT.unpack_from(record, RECORD.size)
    return top + REPORT.pack(ntp + seconds, offset)


def test_a_log_without_anything_playable_leaves_no_file(tmp_path):
    log = write(tmp_path / "a.packets", head("video/VP8"), video_rows("video/VP8", 1.0)[3:])
    made = finish(log, tmp_path)
    assert (made.path, made.frames) == ("", 0)
    assert not [*tmp_path.rglob("*.webm"), *tmp_path.rglob("*.part"), *tmp_path.rglob("*.packets")]


@pytest.mark.parametrize("content", [b"", b"AULA PACKETS 1\n", b"AULA PACKETS 1\n{", b"something else\n{}\n"])
def test_what_is_no_log_is_refused_and_kept(content, tmp_path):
    path = tmp_path / "a.packets"
    path.write_bytes(content)
    with pytest.raises(NoLog):
        finish(path, tmp_path)
    assert path.read_bytes() == content


def test_the_command_prints_what_it_made(tmp_path):
    log = write(tmp_path / "a.packets", head("audio/opus"), opus_rows(1.0))
    command = [sys.executable, "-m", "signaling.sfu.egress.finish", str(log), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert (said["egress_id"], said["path"]) == ("EG_1", "demo/recordings/a.webm")
    assert (tmp_path / said["path"]).stat().st_size == said["size"]
    assert subprocess.run(command, capture_output=True).returncode != 0


def test_two_that_finish_one_log_do_not_meet(tmp_path):
    log = write(tmp_path / "a.packets", head("audio/opus"), opus_rows(1.0))
    with log.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            finish(log, tmp_path)
    assert finish(log, tmp_path).frames == 50


def test_what_was_made_is_told_beside_it_for_whoever_comes_after(tmp_path):
    log = write(tmp_path / "a.packets", head("audio/opus"), opus_rows(1.0))
    made = finish(log, tmp_path)
    assert json.loads((tmp_path / "a.made").read_text()) == asdict(made)


def test_a_capture_that_stood_still_keeps_its_hole_and_nothing_else_moves(tmp_path):
    """Its timestamps go on where they were; the reports say that half a minute has passed."""
    before, after = (
        video_rows("video/VP8", 6.0),
        video_rows("video/VP8", 6.0, first=5_000, base=BASE + 540_000),
    )
    later = [(at + 36.0, shifted(record, 36.0)) for at, record in after]
    log = write(tmp_path / "a.packets", head("video/VP8"), before + later)
    times = probe(tmp_path / finish(log, tmp_path).path)["times"]
    expected = [n / 10 for n in range(60)] + [36 + n / 10 for n in range(60)]
    assert times == pytest.approx(expected, abs=0.005)


def test_another_ssrc_in_the_same_track_has_a_clock_of_its_own(tmp_path):
    before = video_rows("video/VP8", 3.0)
    after = video_rows("video/VP8", 3.0, layer=1, first=5_000, base=77)
    later = [(at + 3.0, shifted(record, 3.0)) for at, record in after]
    log = write(tmp_path / "a.packets", head("video/VP8"), before + later)
    times = probe(tmp_path / finish(log, tmp_path).path)["times"]
    assert times == pytest.approx([n / 10 for n in range(60)], abs=0.003)


def test_what_there_is_so_far_is_playable_while_the_log_is_being_written(tmp_path):
    rows = video_rows("video/VP8", 6.0)
    log = write(tmp_path / "a.packets", head("video/VP8"), rows[: len(rows) // 2])
    with log.open("ab") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        writer.write(RECORD.pack(1, 0, 500, 7, 7, 7.0) + b"cut off")
        writer.flush()
        made = finish_so_far(log, tmp_path)
    assert made.path == "demo/recordings/a-so-far.webm"
    assert 2 < probe(tmp_path / made.path)["times"][-1] < 4
    assert log.exists()
    whole = finish(write(log, head("video/VP8"), rows), tmp_path)
    assert probe(tmp_path / whole.path)["times"][-1] == pytest.approx(5.9, abs=0.01)
    assert not (tmp_path / made.path).exists()
