"""The whole control loop of a downlink over links that exist in numbers: estimate, sharing out, probing."""

import random

import pytest

from signaling.sfu.allocation import PAUSED
from signaling.sfu.estimator import ASSUMED, MODEST
from signaling.sfu.feedback import REFERENCE_TICKS, REFERENCE_WRAP, TICK, Feedback
from tests.sfu.plane.simulation import AUDIO, LAYERS, SimLink, Simulation

Q, H, F = 0, 1, 2


def lowest_while(simulation, seconds):
    """The lowest layer that flowed, and the longest queue."""
    seen = []
    simulation.run(seconds, lambda: seen.append((simulation.level(), simulation.downlink.estimator.queue)))
    return min(level for level, _ in seen), max(queue for _, queue in seen)


@pytest.mark.parametrize(
    "link",
    [SimLink(), SimLink(jitter=0.06), SimLink(drift=2e-4), SimLink(drift=-2e-4), SimLink(delay=0.2)],
    ids=["clean", "jitter of 60 ms", "a fast clock", "a slow clock", "far away"],
)
def test_a_good_line_carries_the_best_layer_at_once_and_for_ever(link):
    simulation = Simulation(link)
    assert simulation.until(lambda: simulation.level() == F) < 0.5
    level, _ = lowest_while(simulation, 60)
    assert level == F
    assert simulation.padded == 0  # nothing more is wanted, so nothing is probed


def test_the_estimate_does_not_decay_while_little_is_sent():
    simulation = Simulation(SimLink(), cameras=0)
    simulation.run(120)
    assert simulation.downlink.estimator.bitrate == ASSUMED


@pytest.mark.parametrize("rate", [300e3, 600e3, 1e6])
@pytest.mark.parametrize("queue", [0.1, 0.5, 2.0])
def test_a_layer_is_dropped_within_a_second_of_the_line_shrinking(rate, queue):
    simulation = Simulation(SimLink(queue=queue))
    simulation.run(5)
    simulation.link.rate = rate
    assert simulation.until(lambda: simulation.level() < F) < 1.0
    assert simulation.downlink.estimator.bitrate < rate


def test_300_kbit_s_leave_the_lowest_layer_and_room_for_the_voice_and_the_top_is_back_within_10_s():
    simulation = Simulation(SimLink())
    simulation.run(5)
    simulation.link.rate = 300e3
    simulation.run(5)
    assert simulation.level() == Q
    for _ in range(10):
        level, queue = lowest_while(simulation, 5)
        assert level == Q
        assert queue < 0.2
    simulation.link.rate = 10e6
    assert simulation.until(lambda: simulation.level() == F) < 10


@pytest.mark.parametrize("pause", [0.0, 1.0, 2.3, 3.7])
def test_the_way_back_takes_less_than_10_s_whenever_it_opens(pause):
    simulation = Simulation(SimLink(rate=300e3))
    simulation.run(40 + pause)
    simulation.link.rate = 10e6
    assert simulation.until(lambda: simulation.level() == F) < 10


def test_probing_in_vain_costs_little_and_disturbs_little():
    simulation = Simulation(SimLink(rate=300e3))
    simulation.run(10)
    before = simulation.padded
    _, queue = lowest_while(simulation, 60)
    assert (simulation.padded - before) * 8 / 60 < 0.1 * 300e3
    assert queue < 0.15


@pytest.mark.parametrize("loss", [0.02, 0.05, 0.1, 0.2])
def test_a_line_that_loses_at_random_keeps_the_best_layer(loss):
    simulation = Simulation(SimLink(loss=loss))
    simulation.run(15)
    level, _ = lowest_while(simulation, 60)
    assert level == F


def test_a_policer_is_told_from_a_bad_line():
    simulation = Simulation(SimLink())
    simulation.run(5)
    simulation.link.rate, simulation.link.policed = 700e3, True
    simulation.run(5)
    assert simulation.level() == H
    assert lowest_while(simulation, 30)[0] >= Q
    assert simulation.downlink.estimator.losses.share < 0.05


def test_a_deep_queue_is_emptied_and_not_filled_again():
    simulation = Simulation(SimLink(rate=1e6, queue=3.0))
    simulation.run(6)
    level, queue = lowest_while(simulation, 60)
    assert level == H
    assert queue < 0.2


def test_somebody_elses_traffic_leaves_a_picture_and_gets_the_better_one_back_after_it():
    simulation = Simulation(SimLink(rate=2.5e6))
    simulation.run(5)
    simulation.link.other = 1.7e6
    simulation.run(5)
    assert lowest_while(simulation, 30)[0] >= Q
    simulation.link.other = 0.0
    assert simulation.until(lambda: simulation.level() == F) < 31  # a probe may have been blamed


def test_a_blackout_ends_with_a_picture_and_soon_with_the_best_one():
    simulation = Simulation(SimLink())
    simulation.run(5)
    simulation.link.dark = True
    level, _ = lowest_while(simulation, 5)
    assert level >= Q
    assert simulation.downlink.estimator.bitrate >= MODEST
    simulation.link.dark = False
    assert simulation.until(lambda: simulation.level() == F) < 5


def test_many_cameras_share_a_line_without_flapping():
    simulation = Simulation(SimLink(rate=5e6), cameras=15)
    simulation.run(20)
    changes, before = 0, list(simulation.granted)
    for _ in range(60):
        simulation.run(1)
        changes += sum(now != then for now, then in zip(simulation.granted, before, strict=True))
        before = list(simulation.granted)
    assert changes <= 12
    spent = sum(LAYERS[grant].bitrate for grant in simulation.granted if grant != PAUSED)
    assert 0.6 * 5e6 < spent + AUDIO < 5e6


def test_too_little_for_all_cameras_pauses_some_and_keeps_the_voice():
    simulation = Simulation(SimLink(rate=1e6), cameras=15)
    simulation.run(20)
    _, queue = lowest_while(simulation, 30)
    assert PAUSED in simulation.granted
    assert Q in simulation.granted
    assert queue < 0.2


def test_another_path_with_a_longer_delay_is_no_congestion():
    simulation = Simulation(SimLink())
    simulation.run(5)
    simulation.link.delay = 0.3
    simulation.downlink.moved()
    assert lowest_while(simulation, 20)[0] == F


def test_feedback_about_packets_never_sent_or_told_before_is_ignored():
    simulation = Simulation(SimLink())
    simulation.run(5)
    before = simulation.downlink.estimator.bitrate
    last = simulation.log.last
    for base in (last + 500, 0, last - 3000):
        simulation.downlink.acknowledge(Feedback(base & 0xFFFF, [None] * 2000), simulation.now)
    simulation.run(1)
    assert simulation.downlink.estimator.bitrate == before


class LateCamera(Simulation):
    """Voice alone until `camera_on`; without `pads` there is nothing to pad on before the first picture."""

    def __init__(self, link, *, pads):
        self.wanted, self.pads = False, pads
        super().__init__(link)

    def camera_on(self):
        self.wanted = True
        self.allot()

    def allot(self):
        if self.wanted:
            super().allot()
            return
        self.downlink.share()
        self.downlink.want(AUDIO, AUDIO)

    def probe(self, octets, packets):
        return super().probe(octets, packets) if self.pads or self.level() != PAUSED else 0


@pytest.mark.parametrize("pads", [True, False])
@pytest.mark.parametrize(
    ("harm", "seconds"),
    [({"loss": 0.25}, 1.2), ({"loss": 0.2}, 2), ({"delay": 0.085}, 8), ({"delay": 0.225}, 8)],
    ids=["a lossy second", "two lossy seconds", "60 ms more delay", "200 ms more delay"],
)
def test_a_camera_switched_on_after_voice_alone_had_trouble_is_seen_at_once_and_well_soon(
    harm, seconds, pads
):
    simulation = LateCamera(SimLink(), pads=pads)
    simulation.run(10)
    for name, value in harm.items():
        setattr(simulation.link, name, value)
    simulation.run(seconds)
    simulation.link.loss = 0.0
    simulation.run(5)
    simulation.camera_on()
    assert simulation.until(lambda: simulation.level() != PAUSED) < 0.5
    assert simulation.until(lambda: simulation.level() == F) < 5


@pytest.mark.parametrize("step", [0.05, 0.1, 0.2, 0.4])
def test_a_delay_that_lasts_costs_a_better_picture_for_seconds_and_never_all_of_it(step):
    simulation = Simulation(SimLink())
    simulation.run(20)
    simulation.link.delay += step
    assert lowest_while(simulation, 6)[0] >= Q
    assert lowest_while(simulation, 60)[0] == F


@pytest.mark.parametrize("lossy_for", [0.5, 1.0, 1.2, 1.5, 1.8])
def test_an_experiment_with_loss_never_undoes_a_cut_made_for_a_queue(lossy_for):
    for seed in range(6):
        simulation = Simulation(SimLink(queue=0.3, dice=random.Random(seed)))
        simulation.run(20)
        simulation.link.loss = 0.15
        simulation.run(lossy_for)
        simulation.link.rate, simulation.link.queue = 400e3, 0.25
        simulation.until(lambda s=simulation: s.downlink.estimator.bitrate < 600e3, 10)
        highest = []
        simulation.run(10, lambda s=simulation, h=highest: h.append(s.downlink.estimator.bitrate))
        assert max(highest) < 900e3


@pytest.mark.parametrize("before", [0.05, 0.15, 0.25, 2.0])
def test_the_listeners_clock_may_wrap_within_a_round(before):
    simulation = Simulation(SimLink())
    acknowledge = simulation.downlink.acknowledge
    shift = round((simulation.now + 77 + 10 + before) / TICK)
    whole = REFERENCE_WRAP * REFERENCE_TICKS

    def wrapping(feedback, now):
        """As of a clock that passes its end after ten seconds and a little."""
        behind = [at - shift for at in feedback.arrivals]
        acknowledge(Feedback(feedback.base, [at + (whole if behind[0] < 0 else 0) for at in behind]), now)

    simulation.downlink.acknowledge = wrapping
    simulation.run(9)
    level, queue = lowest_while(simulation, 10)
    assert level == F
    assert queue < 0.1


class Mute(Simulation):
    """Agreed upon feedback, but never sends any."""

    def _listener_reports(self):
        pass


def test_a_listener_who_never_sends_the_feedback_agreed_upon_is_judged_by_its_loss():
    simulation = Mute(SimLink())
    simulation.run(1)
    simulation.downlink.reported(0.5, simulation.now)
    assert simulation.downlink.bitrate < 0.8 * ASSUMED  # at once
    simulation.run(10)
    assert not simulation.downlink.numbered
    for _ in range(5):
        simulation.downlink.reported(0.5, simulation.now)
        simulation.run(2)
    assert simulation.level() < F


def test_a_listener_whose_first_feedback_is_late_is_measured_all_the_same():
    simulation = Mute(SimLink())
    simulation.run(10)
    simulation._listener_reports = super(Mute, simulation)._listener_reports
    simulation.run(5)
    assert simulation.downlink.estimator.measured
    assert simulation.downlink.numbered
