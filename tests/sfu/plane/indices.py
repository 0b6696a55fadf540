"""An oracle over everything that is sealed, and a lesson of random steps that tries to mislead it.

`python -m tests.sfu.plane.indices --steps 1000000` is the long version of test_index_reuse.py.
"""

import random
import sys
from argparse import ArgumentParser
from dataclasses import replace

from signaling.sfu.downtrack import DownTrack
from signaling.sfu.rewrite import Run
from signaling.sfu.spec import SendSpec
from tests.sfu.plane.conftest import SEND_VIDEO, SEND_VIDEO_PLAIN, TRANSPORT_CC
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Listening, Sent, Stage, simulcast

KEPT = 4096  # indices of a stream, far more than a receiver's replay window
NUMBERED = replace(SEND_VIDEO, transport_cc=TRANSPORT_CC)
SPECS = (SEND_VIDEO_PLAIN, SEND_VIDEO_PLAIN, SEND_VIDEO_PLAIN, NUMBERED, NUMBERED, NUMBERED, SEND_VIDEO)


class Stream:
    """One SSRC under one key: no index may carry two plaintexts, none may be left out without a loss."""

    def __init__(self) -> None:
        self.highest: int | None = None
        self.carried: dict[int, bytes] = {}

    def seal(self, sent: Sent) -> int:
        """Check one packet; answers by how much it raised the highest index (0 for a late one)."""
        if self.highest is None:
            self.highest = sent.sequence - 1
        # As libsrtp estimates the index (RFC 3711 3.3.1).
        index = self.highest + (((sent.sequence - self.highest) & 0xFFFF ^ 0x8000) - 0x8000)
        assert index > self.highest - KEPT, "an index so old that nobody can tell what it carried"
        before = self.carried.setdefault(index, sent.octets)
        assert before == sent.octets, f"index {index} of {sent.ssrc} carries two packets"
        step = max(0, index - self.highest)
        if step:
            self.highest = index
            self.carried.pop(index - KEPT, None)
            if len(self.carried) > 2 * KEPT:
                self.carried = {n: octets for n, octets in self.carried.items() if n > index - KEPT}
        return step


class Seat:
    """A listener, and what the numbers he gets must look like."""

    def __init__(self, stage: Stage, number: int, track, spec: SendSpec) -> None:
        self.who = Listening(stage, number)
        self.listener: DownTrack = stage.listen(track, spec, self.who)
        self.media, self.again = Stream(), Stream()
        self.run: Run | None = None
        self.lost = 0  # of his layer when he last got a packet in order

    def take(self, sent: Sent, lost: list[int]) -> None:
        if sent.ssrc == self.listener.rtx_ssrc:
            assert self.again.seal(sent) == 1
            return
        first, run = self.media.highest is None, self.listener._rewriter.current
        step = self.media.seal(sent)
        if not step or run is None:
            return
        entered = run.entered and run is not self.run
        layer = run.source.layer.index
        missing = 0 if entered else lost[layer] - self.lost
        assert first or step - 1 <= missing, f"{step - 1} numbers left out, {missing} packets lost"
        self.run = run
        if entered or step - 1 == missing:  # else a late one, ahead of what follows
            self.lost = lost[layer]


class Lesson:
    """Loss, reordering, duplicates with other content, restarts, wraps, new SSRCs, switches, moves, pauses,
    padding, probes, NACKs. Every packet is checked as it is sent."""

    def __init__(self, seed: int) -> None:
        self.dice, self.stage = random.Random(seed), Stage()
        self.track = simulcast(self.stage)
        self.seats = [Seat(self.stage, n, self.track, spec) for n, spec in enumerate(SPECS)]
        self.by_ssrc = {
            ssrc: seat for seat in self.seats for ssrc in (seat.listener.ssrc, seat.listener.rtx_ssrc) if ssrc
        }
        self.heads = [self.dice.randrange(65_536) for _ in self.track.layers]
        self.lost = [0, 0, 0]
        self.sent = self.turn = 0

    def step(self) -> None:
        self.turn += 1
        self.stage.clock.now += 0.004
        self._teach()
        self._check()
        self._disturb(self.dice.choice(self.seats))
        self._check()

    def _teach(self) -> None:
        dice, layer = self.dice, self.dice.randrange(3)
        if dice.random() < 0.001:
            self.heads[layer] += dice.randrange(65_536)
        self.heads[layer] += dice.choice((1, 1, 1, 1, 2, 5))
        late = dice.choice((0, 0, 0, 1, 3, 40, 1200)) if dice.random() < 0.3 else 0
        key = dice.random() < 0.02
        payload = b"" if dice.random() < 0.05 else vp8(
            picture=self.turn, tl0=self.turn // 4, temporal=0 if key else dice.randrange(3),
            sync=dice.random() < 0.3, key=key, starts=key or dice.random() < 0.5,
            body=self.turn.to_bytes(4, "big"),
        )  # fmt: skip
        reception = self.track.layers[layer].reception
        before = reception.highest
        self.stage.arrive(self.track, self.heads[layer] - late, payload, layer=layer, recovered=bool(late))
        if before >= 0:
            self.lost[layer] += max(0, reception.highest - before - 1)

    def _disturb(self, seat: Seat) -> None:
        dice, chance, listener = self.dice, self.dice.random(), seat.listener
        if chance < 0.01:
            listener.select(dice.randrange(3), dice.randrange(4))
        elif chance < 0.012:
            listener.pause()
        elif chance < 0.03:
            listener.resume()
        elif chance < 0.06:
            newest = listener._rewriter.last
            listener.nacked(
                tuple((newest - dice.randrange(1200)) & 0xFFFF for _ in range(10)), self.stage.clock()
            )
        elif chance < 0.063:
            listener.probe(dice.randrange(2000), 5)
        elif chance < 0.07:
            self.track.watch_layers()
        elif chance < 0.072:
            self._every_second(dice.choice(self.track.layers))

    def _every_second(self, layer) -> None:
        layer.measure_rates(1.0)
        if self.dice.random() < 0.1:
            layer.bind(self.dice.randrange(1 << 32))
            self.heads[layer.index] = self.dice.randrange(65_536)

    def _check(self) -> None:
        for sent in self.stage.sent:
            self.by_ssrc[sent.ssrc].take(sent, self.lost)
        self.sent += len(self.stage.sent)
        self.stage.sent.clear()


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    lesson = Lesson(options.seed)
    for _ in range(options.steps):
        lesson.step()
    sys.stdout.write(
        f"seed {options.seed}: {options.steps} steps, {lesson.sent} packets, no index used twice\n"
    )


if __name__ == "__main__":
    main()
