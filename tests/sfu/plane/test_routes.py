"""Which track a packet belongs to."""

from dataclasses import replace

import pytest

from signaling.sfu.routes import MOST_SSRCS, MOST_UNBOUND, Route, Routes
from signaling.sfu.rtp import ExtensionIds, Packet
from tests.sfu.plane.conftest import AUDIO, IDS, MID, REPAIRED_RID, RID, SIMULCAST, VIDEO
from tests.sfu.plane.stage import Stage

EXTENSIONS = ExtensionIds.of(IDS)


def packet(ssrc, payload_type=96, **extensions):
    names = {"mid": MID, "rid": RID, "repaired": REPAIRED_RID}
    return Packet(
        payload_type=payload_type,
        marker=0,
        sequence=1,
        timestamp=0,
        ssrc=ssrc,
        payload=b"x",
        extensions={names[name]: value.encode() for name, value in extensions.items()},
    )


@pytest.fixture
def routes():
    routes, stage = Routes(), Stage()
    routes.add(stage.publish(SIMULCAST))
    routes.add(stage.publish(VIDEO))
    return routes


@pytest.mark.parametrize(
    ("arriving", "mid", "rid", "rtx"),
    [
        (packet(31, mid="2", rid="q"), "2", "q", False),
        (packet(33, mid="2", rid="f"), "2", "f", False),
        (packet(34, 97, mid="2", repaired="h"), "2", "h", True),
        (packet(35, 97, mid="2", repaired="h", rid="q"), "2", "h", True),
        (packet(36, mid="1"), "1", "", False),
        (packet(37, 97, mid="1"), "1", "", True),
    ],
)
def test_an_unknown_ssrc_is_bound_by_mid_and_rid(routes, arriving, mid, rid, rtx):
    route = routes.bind(arriving, EXTENSIONS)
    assert (route.track.mid, route.layer.rid, route.rtx) == (mid, rid, rtx)
    assert routes.find(arriving.ssrc) == route


@pytest.mark.parametrize(
    "arriving",
    [
        packet(31),
        packet(31, mid="9", rid="q"),
        packet(31, mid="2"),
        packet(31, mid="2", rid="x"),
        packet(31, 111, mid="1"),
        packet(31, mid="\xff"),
    ],
)
def test_what_belongs_nowhere_is_unroutable(routes, arriving):
    assert routes.bind(arriving, EXTENSIONS) == "unroutable"
    assert routes.find(31) is None


def test_redundant_audio_is_bound_by_mid_alone(routes):
    routes.add(Stage().publish(replace(AUDIO, ssrcs=(), red_payload_type=63)))
    route = routes.bind(packet(31, 63, mid="0"), EXTENSIONS)
    assert (route.track.mid, route.rtx) == ("0", False)


def test_named_ssrcs_need_no_extensions(routes):
    assert (routes.find(2001).rtx, routes.find(2002).rtx) == (False, True)


def test_a_layers_new_ssrc_replaces_the_old_one_for_good(routes):
    first = routes.bind(packet(31, mid="2", rid="q"), EXTENSIONS)
    second = routes.bind(packet(41, mid="2", rid="q"), EXTENSIONS)
    assert first.layer is second.layer
    assert routes.find(31) is None
    assert routes.refuses(31)
    assert routes.released == [31]


def test_an_unpublished_track_is_unroutable_and_may_be_published_again_with_its_ssrc(routes):
    track = routes.bind(packet(31, mid="2", rid="q"), EXTENSIONS).track
    routes.remove(track)
    assert routes.find(31) is None
    assert routes.bind(packet(31, mid="2", rid="q"), EXTENSIONS) == "unroutable"
    assert not routes.refuses(31)
    again = Stage().publish(SIMULCAST)
    routes.add(again)
    assert routes.bind(packet(31, mid="2", rid="q"), EXTENSIONS).track is again
    assert routes.released == []


def test_the_state_of_unbound_ssrcs_is_kept_for_a_few_only(routes):
    for ssrc in range(100):
        routes.bind(packet(ssrc), EXTENSIONS)
    assert routes.released == list(range(100 - MOST_UNBOUND))


def test_a_transport_has_at_most_eight_media_ssrcs_and_as_many_of_rtx():
    routes, stage, bound = Routes(), Stage(), []
    for mid in "abcd":
        routes.add(stage.publish(replace(SIMULCAST, mid=mid)))
        for rid in "qhf":
            for rtx in (False, True):
                ssrc = 1000 + ord(mid) * 10 + "qhf".index(rid) * 2 + rtx
                names = {"mid": mid, "repaired" if rtx else "rid": rid}
                bound.append(routes.bind(packet(ssrc, 97 if rtx else 96, **names), EXTENSIONS))
    routes_made = [route for route in bound if isinstance(route, Route)]
    assert [sum(r.rtx is rtx for r in routes_made) for rtx in (False, True)] == [MOST_SSRCS, MOST_SSRCS]
    assert bound.count("ssrc_limit") == 24 - 2 * MOST_SSRCS
