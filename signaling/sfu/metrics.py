"""`/metrics` for Prometheus, read when asked for, once a second at most: nothing is counted for each packet.

Labels come from fixed sets (codecs, qualities, reasons, stages): no room and no person is ever one.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeHistogramMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric

from signaling.sfu.drops import REASONS, ROOM_REASONS
from signaling.sfu.tally import Tally

if TYPE_CHECKING:
    from signaling.sfu.rooms import Rooms
    from signaling.sfu.uptrack import UpTrack

CONTENT_TYPE = CONTENT_TYPE_LATEST
PREFIX = "aula_media_"
FRESH = 1.0  # seconds
ESTIMATES = (100e3, 200e3, 400e3, 800e3, 1.6e6, 3.2e6, 6.4e6)  # bit/s
QUALITIES = ("low", "medium", "high")
KINDS = ("audio", "video")
PER_KIND = {
    "in_packets": "RTP packets received from publishers",
    "in_octets": "octets of their payload",
    "out_packets": "RTP packets sent to listeners",
    "out_octets": "octets of their payload",
    "nacks_in": "packets listeners asked for again",
    "resent": "packets sent again (RTX where it was agreed)",
}
ALONE = {
    "nacks_out": "packets asked of publishers again",
    "key_frames_asked": "key frame requests to publishers",
}

process = CollectorRegistry()
ProcessCollector(registry=process)
GCCollector(registry=process)


class Metrics:
    """Everything, in Prometheus's text format."""

    def __init__(self, rooms: Rooms) -> None:
        self._clock = rooms.clock
        self._registry = CollectorRegistry()
        self._registry.register(Engine(rooms))
        self._text = b""
        self._read_at = -math.inf

    def read(self) -> bytes:
        """As it was within the last second: a reading walks every track, whoever asks for it."""
        now = self._clock.now()
        if now - self._read_at >= FRESH:
            self._text = generate_latest(self._registry) + generate_latest(process)
            self._read_at = now
        return self._text


RECORDINGS = ("finished", "unfinished", "late", "in_time")


class Engine:
    """A collector of prometheus_client."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        yield from self._people()
        yield from self._tracks()
        yield from self._flows()
        yield from self._outcomes()
        yield from self._loop()

    def _people(self) -> Iterator[Metric]:
        people = [person for room in self.rooms for person in room.participants.values()]
        active = sum(person.active for person in people)
        yield gauge("rooms", "rooms", len(self.rooms))
        yield labelled(
            "participants",
            "participants, by whether their media is connected",
            "state",
            {"active": active, "joining": len(people) - active},
        )
        estimates = [each.link.subscriber.downlink.bitrate for each in people]
        yield histogram("estimate_bits", "what each listener's line carries, in bit/s", estimates)

    def _tracks(self) -> Iterator[Metric]:
        transports = tuple(self.rooms.plane.transports)
        tracks = [track for transport in transports for track in transport.inbound.routes]
        listeners = [listener for transport in transports for listener in transport.listening.values()]
        yield labelled("tracks", "published tracks", "kind", count(KINDS, (track.kind for track in tracks)))
        stalled = (track.kind for track in tracks if track.stalled and not track.muted)
        yield labelled("tracks_stalled", "not muted, without a packet for 3 s", "kind", count(KINDS, stalled))
        sent = (listener.source.kind for listener in listeners)
        yield labelled("subscriptions", "tracks sent to listeners", "kind", count(KINDS, sent))
        layers = GaugeMetricFamily(
            f"{PREFIX}layers", "layers that flow, by codec and quality", labels=["codec", "quality"]
        )
        for (codec, quality), number in Counter(
            named for track in tracks for named in flowing(track)
        ).items():
            layers.add_metric([codec, quality], number)
        yield layers

    def _flows(self) -> Iterator[Metric]:
        tally = self._tally()
        for name, about in PER_KIND.items():
            yield counted(name, about, "kind", {kind: tally[f"{name}_{kind}"] for kind in KINDS})
        for name, about in ALONE.items():
            yield CounterMetricFamily(f"{PREFIX}{name}", about, value=tally[name])
        datagrams = CounterMetricFamily(f"{PREFIX}datagrams", "datagrams", labels=["direction", "protocol"])
        for labels, number in self.rooms.plane.datagrams.items():
            datagrams.add_metric(labels, number)
        yield datagrams
        drops = self.rooms.plane.drops
        named = {reason: drops[reason] for reason in sorted({*REASONS, *ROOM_REASONS})}
        yield counted("drops", "packets and messages not passed on, by reason (drops.py)", "reason", named)

    def _tally(self) -> Tally:
        """What has gone, and what is."""
        tally = Tally(self.rooms.plane.tally)
        for transport in tuple(self.rooms.plane.transports):
            for track in transport.inbound.routes:
                tally.received(track)
            for listener in transport.listening.values():
                tally.sent(listener)
        return tally

    def _outcomes(self) -> Iterator[Metric]:
        tally = self.rooms.plane.tally
        for name, about, label in (
            ("stage", "how far joins came (stages.py)", "stage"),
            ("refused", "refused at the door, by code", "code"),
            ("left", "participants who left, by reason", "reason"),
        ):
            found = {
                key.removeprefix(f"{name}_"): n for key, n in tally.items() if key.startswith(f"{name}_")
            }
            yield counted(f"joins_{name}", about, label, found)
        recordings = {key: tally[f"recording_{key}"] for key in RECORDINGS}
        yield counted("recordings", "recordings, by what became of them", "outcome", recordings)
        yield gauge("recordings_running", "tracks being recorded", self.rooms.egresses.running)
        webhooks = {key: tally[f"webhook_{key}"] for key in ("taken", "not_taken")}
        yield counted("webhooks", "webhooks, by what became of one attempt", "outcome", webhooks)

    def _loop(self) -> Iterator[Metric]:
        lag, now = self.rooms.lag, self.rooms.clock.now()
        yield gauge("loop_lag_seconds", "how late the loop was, the worst of 5 s", lag.worst(now))
        yield gauge("loop_lag_longest_seconds", "the worst since the start", lag.longest)
        yield gauge("tasks", "asyncio tasks of the process", len(asyncio.all_tasks()))
        yield gauge("draining", "1 while no new rooms are taken", int(self.rooms.draining))


def flowing(track: UpTrack) -> Iterator[tuple[str, str]]:
    """(codec, quality) of each layer that flows; SVC layers are in one stream and count as one."""
    codec = track.mime.partition("/")[2].lower()
    single = len(track.layers) == 1
    for layer in track.layers:
        if layer.flowing:
            yield codec, "only" if single else QUALITIES[min(layer.index, 2)]


def gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, about, value=value)


def labelled(name: str, about: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, about, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def counted(name: str, about: str, label: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(PREFIX + name, about, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def count(names: Iterable[str], found: Iterable[str]) -> dict[str, int]:
    """How often each of `names` was found, those that never were too."""
    numbers = Counter(found)
    return {name: numbers[name] for name in names}


def histogram(name: str, about: str, values: Iterable[float | None]) -> Metric:
    """Of the values as they are now; None is not known yet."""
    known = sorted(value for value in values if value is not None)
    bounds = [(f"{bound:g}", sum(value <= bound for value in known)) for bound in ESTIMATES]
    family = GaugeHistogramMetricFamily(PREFIX + name, about)
    family.add_metric([], [*bounds, ("+Inf", len(known))], gsum_value=sum(known))
    return family
