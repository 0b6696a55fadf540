"""Whatever a sender says of its times, a recording is as long as it took, and its other frames lie right."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.sfu.egress.clocks import AHEAD, BEHIND, Unwrap
from signaling.sfu.egress.finish import Finished, finish
from signaling.sfu.egress.packets import PACKET_KIND, RECORD, REPORT_KIND
from tests.sfu.egress.films import probe
from tests.sfu.egress.logs import EPOCH, Row, head, opus_rows, video_rows, write

ROWS = {"audio/opus": opus_rows(3.0), "video/VP8": video_rows("video/VP8", 3.0)}
RATES = {"audio/opus": 48_000, "video/VP8": 90_000}
EVERY = {"audio/opus": 0.02, "video/VP8": 0.1}
MIMES = st.sampled_from(sorted(ROWS))
STAMPS = st.integers(0, 2**32 - 1)
relaxed = settings(max_examples=60)


def stamped(row: Row, timestamp: int) -> Row:
    """The same record with another timestamp."""
    kind, flags, size, number, _, arrival = RECORD.unpack_from(row[1])
    top = RECORD.pack(kind, flags, size, number, timestamp & 0xFFFFFFFF, arrival)
    return row[0], top + row[1][RECORD.size :]


def stamp_of(row: Row) -> int:
    return int(RECORD.unpack_from(row[1])[4])


def of_kind(rows: list[Row], kind: int) -> list[int]:
    """Where such records are."""
    return [i for i, row in enumerate(rows) if row[1][0] == kind]


def frame_at(rows: list[Row], index: int) -> list[int]:
    """All packets of the frame that this one is of."""
    same = stamp_of(rows[index])
    return [i for i in of_kind(rows, PACKET_KIND) if stamp_of(rows[i]) == same]


def made(mime: str, rows: list[Row]) -> tuple[Finished, list[float]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        told = finish(write(folder / "a.packets", head(mime), rows), folder)
        return told, probe(folder / told.path, leaps=True)["times"]


@pytest.mark.parametrize("mime", sorted(ROWS))
@pytest.mark.parametrize("reported", [True, False])
@pytest.mark.parametrize("jump", [2**31 - 1000, 2**31 + 1000, 2**32 - 1_000_000_000])
def test_a_frame_that_lies_about_its_time_moves_no_other(mime, reported, jump):
    rows = ROWS[mime] if reported else [ROWS[mime][i] for i in of_kind(ROWS[mime], PACKET_KIND)]
    packets = of_kind(rows, PACKET_KIND)
    for index in (packets[len(packets) // 2], packets[-1]):
        wrong = frame_at(rows, index)
        told, times = made(
            mime, [stamped(row, stamp_of(row) + jump * (i in wrong)) for i, row in enumerate(rows)]
        )
        assert told.strays == 1
        assert times == pytest.approx([i * EVERY[mime] for i in range(len(times))], abs=0.05)
        assert len(times) == told.frames == round(3.0 / EVERY[mime])


@relaxed
@given(mime=MIMES, lies=st.dictionaries(st.integers(0, 40), STAMPS, max_size=6), data=st.data())
def test_no_recording_is_longer_than_it_took(mime, lies, data):
    """Packets and reports with any timestamps at all."""
    rows = list(ROWS[mime])
    for at, timestamp in lies.items():
        kind = data.draw(st.sampled_from([PACKET_KIND, REPORT_KIND]))
        where = of_kind(rows, kind)
        for index in (
            frame_at(rows, where[at % len(where)]) if kind == PACKET_KIND else [where[at % len(where)]]
        ):
            rows[index] = stamped(rows[index], timestamp)
    told, times = made(mime, rows)
    assert told.frames == len(times) == round(3.0 / EVERY[mime])
    assert told.started >= EPOCH - BEHIND
    assert told.ended - told.started <= 3.0 + BEHIND + AHEAD


@relaxed
@given(
    rate=st.sampled_from([48_000, 90_000]),
    first=STAMPS,
    seconds=st.lists(st.floats(0, 6 * 3600), max_size=20),
    lie=STAMPS,
)
def test_timestamps_are_counted_on_whatever_lies_between_them(rate, first, seconds, lie):
    unwrap = Unwrap(rate, first, EPOCH)
    for elapsed in seconds:
        unwrap(lie, EPOCH + elapsed)
        ticks = round(elapsed * rate)
        assert unwrap((first + ticks) & 0xFFFFFFFF, EPOCH + elapsed + 0.3) == first + ticks
