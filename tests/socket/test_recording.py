"""Recording a class, as the classroom socket has it: who may, what everybody is told, who agreed."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from channels.layers import get_channel_layer
from django.core.cache import cache
from livekit.protocol import egress as protocol

from classrooms.live import egress
from classrooms.live.recording import begin_recording
from classrooms.models import Participant, Recording, RecordingTrack
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.socket.conftest import rows


@pytest.fixture(autouse=True)
def media(monkeypatch):
    """What the media server was asked to record: the identities, each time. It records all of them."""
    asked = []

    async def ask(room, slug, plan):
        asked.append(sorted(plan.wanted))
        return egress.Told([info(f"EG_{name}", name) for name in sorted(plan.wanted)], [])

    async def safety(room):
        return egress.Safe(41, 38, None)

    monkeypatch.setattr(egress, "ask", ask)
    monkeypatch.setattr(egress, "safety", safety)
    return asked


def info(name, identity, source="microphone", **more):
    details = json.dumps({"identity": identity, "source": source})
    track = protocol.TrackEgressRequest(track_id=f"TR_{name}")
    return protocol.EgressInfo(egress_id=name, details=details, track=track, started_at=1, **more)


async def recordings(session):
    return await rows(session, lambda: [each.state for each in session.recordings.all()])


async def test_recording_begins_pauses_goes_on_and_stops_before_everybodys_eyes(
    inside, teacher, student, live
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    assert leading.joined["recording"] is None
    seen = []
    for wanted in ("on", "paused", "on", "off"):
        await leading.send("record", wanted=wanted)
        seen.append((await listening.get("recording_changed"))["recording"])
    assert [told and told["state"] for told in seen] == ["on", "paused", "on", None]
    assert seen[0]["by"] == "Tom Teacher"
    assert await recordings(live) == [Recording.State.FINISHING]


async def test_who_comes_later_is_told_and_how_safe_it_is(inside, teacher, student, live, monkeypatch):
    monkeypatch.setattr("signaling.classroom.times.SAFE", 0.1)
    leading = await inside(teacher, live)
    await leading.send("record", wanted="on")
    await leading.get("recording_changed")
    late = await inside(student, live)
    assert late.joined["recording"]["state"] == "on"
    assert (late.joined["consent"], late.joined["asks_consent"]) == (None, False)
    safe = await late.get("recording_safe")
    assert (safe["sound"], safe["screen"], safe["trouble"]) == (41, 38, None)


async def test_everybody_reads_what_is_wrong_in_their_own_language(
    inside, teacher, student, live, monkeypatch
):
    async def nothing(room: str) -> egress.Safe:
        return egress.Safe(None, None, "nothing")

    monkeypatch.setattr("signaling.classroom.times.SAFE", 0.1)
    monkeypatch.setattr(egress, "safety", nothing)
    user = teacher.member.user
    await rows(live, lambda: type(user).objects.filter(pk=user.pk).update(language="de"))
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("record", wanted="on")
    told = [(await page.get("recording_safe"))["trouble"] for page in (leading, listening)]
    assert told == ["Gerade wird nichts aufgezeichnet.", "Nothing is recorded just now."]


async def test_of_two_who_teach_the_one_who_leads_asks_for_the_whole_class(
    inside, teacher, admin, live, monkeypatch
):
    asked = []

    async def safe(room: str) -> egress.Safe:
        asked.append(room)
        return egress.Safe(1, 1, None)

    monkeypatch.setattr("signaling.classroom.times.SAFE", 600.0)
    monkeypatch.setattr(egress, "safety", safe)
    leading, helping = await inside(teacher, live), await inside(admin, live)
    await leading.send("record", wanted="on")
    for page in (leading, helping):
        await page.get("recording_changed")

    async def remind(page) -> None:
        own = await rows(live, lambda: Participant.objects.get(public_id=page.id))
        await get_channel_layer().send(own.connection, {"type": "timer", "name": "safe"})
        await page.up_to_date()

    await remind(helping)
    assert asked == []
    await remind(leading)
    assert asked == [live.room_name]
    assert (await helping.get("recording_safe"))["sound"] == 1
    await leading.close()
    await helping.get("participant_left")
    await remind(helping)
    assert len(asked) == 2


async def test_the_same_wish_twice_changes_nothing(inside, teacher, live, media):
    leading = await inside(teacher, live)
    for wanted in ("off", "paused", "on", "on"):
        await leading.send("record", wanted=wanted)
    told = [each for each in await leading.up_to_date() if each["type"] == "recording_changed"]
    assert [each["recording"]["state"] for each in told] == ["on"]
    assert await recordings(live) == [Recording.State.ON]


async def test_only_the_teacher_records(inside, teacher, student, live):
    await inside(teacher, live)
    listening = await inside(student, live)
    await listening.send("record", wanted="on")
    refused = await listening.get("refused")
    assert (refused["code"], refused["re"]) == ("not_allowed", "record")
    assert await recordings(live) == []


async def test_the_end_of_the_class_ends_its_recording(inside, teacher, live, media):
    leading = await inside(teacher, live)
    await leading.send("record", wanted="on")
    await leading.send("end_class")
    assert (await leading.get("recording_changed"))["recording"]["state"] == "on"
    assert (await leading.get("recording_changed"))["recording"] is None
    await leading.get("class_ended")
    assert media[-1] == []
    assert await recordings(live) == [Recording.State.FINISHING]


async def ask_for_consent(session):
    def ask():
        session.tenant.recording_consent = True
        session.tenant.save()

    await rows(session, ask)


@pytest.mark.parametrize(
    ("asks", "given", "recorded"),
    [
        (False, None, ["student", "teacher"]),
        (False, False, ["teacher"]),
        (False, True, ["student", "teacher"]),
        (True, None, ["teacher"]),
        (True, False, ["teacher"]),
        (True, True, ["student", "teacher"]),
    ],
)
async def test_who_is_recorded_follows_who_agreed(
    asks, given, recorded, inside, teacher, student, live, media
):
    if asks:
        await ask_for_consent(live)
    leading, listening = await inside(teacher, live), await inside(student, live)
    assert listening.joined["asks_consent"] is asks
    await leading.send("record", wanted="on")
    await listening.get("recording_changed")
    if given is not None:
        await listening.send("consent", given=given)
        await listening.up_to_date()
    names = {leading.id: "teacher", listening.id: "student"}
    assert sorted(names[each] for each in media[-1]) == recorded


async def test_a_word_on_being_recorded_is_answered_also_when_it_is_not_new(inside, teacher, student, live):
    await inside(teacher, live)
    listening = await inside(student, live)
    for given in (False, False, True):
        await listening.send("consent", given=given)
        assert (await listening.get("consent_noted"))["given"] is given


async def test_whoever_is_back_is_told_whether_they_agreed(inside, page, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await listening.send("consent", given=False)
    await listening.get("consent_noted")
    await listening.close()
    await ask_for_consent(live)
    for who, consent, since in ((student, False, listening.seq), (teacher, None, leading.seq)):
        resumed = await (await page(who, live)).join(since=since)
        assert (resumed["type"], resumed["consent"], resumed["asks_consent"]) == ("resumed", consent, True)


async def test_what_is_recorded_is_kept_by_name_and_source(inside, teacher, live):
    leading = await inside(teacher, live)
    await leading.send("record", wanted="on")
    await leading.get("recording_changed")
    kept = await rows(live, lambda: list(RecordingTrack.objects.values_list("name", "source", "state")))
    assert kept == [("Tom Teacher", "microphone", "writing")]


async def test_two_alone_cannot_call_directly_while_they_are_recorded(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("record", wanted="on")
    await leading.send("signal", to=listening.id, call="c1")
    assert (await leading.get("refused"))["code"] == "not_direct"


def safe_of(infos):
    return egress.safe_of(infos, NOON)


def test_how_safe_it_is_comes_from_what_is_on_the_disk():
    def made(source, seconds, status=1, error=""):
        file = protocol.FileInfo(duration=seconds * 1_000_000_000)
        return info("E", "a", source, status=status, error=error, file=file)

    safe = safe_of([made("microphone", 41), made("camera", 12), made("screen_share", 38)])
    assert (safe.sound, safe.screen, safe.trouble) == (41, 38, None)
    quiet = safe_of([made("camera", 12)])
    assert (quiet.sound, quiet.screen, quiet.trouble) == (None, 12, None)
    ended = made("camera", 12, status=6, error="The disk is full.")
    ended.ended_at = round((NOON.timestamp() - 9) * 1e9)
    full = safe_of([ended])
    assert full.trouble == "The disk is full."
    assert safe_of([]).trouble in egress.TROUBLES
    old = made("camera", 12, status=6, error="The disk is full.")
    old.ended_at = round((NOON.timestamp() - 90) * 1e9)
    assert safe_of([old, made("camera", 5)]).trouble is None  # it has been mended since


def test_a_teacher_is_asked_nothing():
    person = SimpleNamespace(consent=None, role=Participant.Role.TEACHER, co_teacher=False)
    assert egress.may_record(person, asks=True)


async def fill_the_storage(session):
    def fill():
        session.tenant.storage_most_bytes = 0
        session.tenant.save()

    await rows(session, fill)


async def test_a_full_storage_refuses_a_recording_and_says_so_to_the_teacher(inside, teacher, live):
    await fill_the_storage(live)
    leading = await inside(teacher, live)
    await leading.send("record", wanted="on")
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("storage_full", "record")
    assert "ask the school for more room" in refused["mend"]
    assert await recordings(live) == []


async def test_a_recording_that_runs_is_never_cut_off(inside, teacher, live, media):
    leading = await inside(teacher, live)
    await leading.send("record", wanted="on")
    await leading.get("recording_changed")
    await fill_the_storage(live)
    for wanted in ("paused", "on"):
        await leading.send("record", wanted=wanted)
        assert (await leading.get("recording_changed"))["recording"]["state"] == wanted
    assert await recordings(live) == [Recording.State.ON]
    assert media[-1] == [leading.id]


async def record_every_class(session):
    def change():
        session.course.records = True
        session.course.save()

    await rows(session, change)


async def test_a_course_that_records_does_so_from_the_start_and_its_teacher_stops_it(
    inside, page, teacher, student, live, media
):
    await record_every_class(live)
    waiting = await page(student, live)
    leading = await inside(teacher, live)
    assert leading.joined["recording"]["state"] == "on"
    assert leading.joined["recording"]["by"] == "Tom Teacher"
    assert media == [[leading.id]]
    assert (await waiting.join())["recording"]["state"] == "on"
    await leading.send("record", wanted="off")
    assert (await leading.get("recording_changed"))["recording"] is None
    again = await inside(teacher, live)  # who comes back starts nothing anew
    assert again.joined["recording"] is None
    assert await recordings(live) == [Recording.State.FINISHING]


async def test_a_course_that_records_starts_with_a_full_storage_too_and_its_teacher_is_told(
    inside, teacher, student, live, media
):
    await record_every_class(live)
    await fill_the_storage(live)
    leading = await inside(teacher, live)
    assert leading.joined["recording"] is None
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("storage_full", "record")
    listening = await inside(student, live)
    assert [each["type"] for each in await listening.up_to_date() if each["type"] == "refused"] == []
    assert await recordings(live) == []
    assert media == []


@pytest.mark.parametrize("records", [True, False])
async def test_what_was_chosen_for_a_class_counts_more_than_its_course(inside, teacher, live, media, records):
    def change():
        live.course.records, live.records = not records, records
        live.course.save()
        live.save()

    await rows(live, change)
    leading = await inside(teacher, live)
    assert (leading.joined["recording"] is not None) is records
    assert await recordings(live) == [Recording.State.ON] * records


async def test_only_a_course_that_records_does_so_by_itself(inside, teacher, live):
    leading = await inside(teacher, live)
    assert leading.joined["recording"] is None
    assert await recordings(live) == []


@pytest.mark.parametrize("how", ["pause", "stop", "no"])
async def test_what_is_being_written_ends_with_the_word_and_not_when_the_media_server_hears_it(
    how, inside, teacher, student, live
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("record", wanted="on")
    await leading.get("recording_changed")
    if how == "no":
        await listening.send("consent", given=False)
        await listening.up_to_date()
    else:
        await leading.send("record", wanted={"pause": "paused", "stop": "off"}[how])
        await leading.get("recording_changed")

    def ended():
        return {track.participant.public_id: track.until for track in RecordingTrack.objects.all()}

    until = await rows(live, ended)
    assert until[listening.id] == NOON
    assert until[leading.id] == (None if how == "no" else NOON)


async def test_after_a_pause_it_is_begun_anew(inside, teacher, live, monkeypatch):
    """Also where the media server has not heard of the pause before it is over."""
    plans = []

    async def ask(room, slug, plan):
        plans.append(plan)
        return egress.Told([info("EG_1", min(plan.wanted))] if len(plans) == 1 else [], [])

    monkeypatch.setattr(egress, "ask", ask)
    leading = await inside(teacher, live)
    for wanted in ("on", "paused", "on"):
        await leading.send("record", wanted=wanted)
        await leading.get("recording_changed")
    assert [sorted(plan.others) for plan in plans] == [[], ["EG_1"], ["EG_1"]]
    assert plans[-1].wanted == {leading.id}


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["paused", "gone on", "no"])
def test_of_what_was_begun_while_a_pause_or_a_no_was_on_its_way_nothing_is_kept(
    change, make_session, teacher, monkeypatch
):
    live = make_session(state="live")
    with tenant_scope(live.tenant):
        begin_recording(live, teacher.member, NOON)
        plan = egress.planned(live)
        person = Participant.objects.create(
            tenant=live.tenant, session=live, membership=teacher.member, name="Tom", consent=change != "no"
        )
        if change == "paused":
            Recording.objects.update(state=Recording.State.PAUSED)
        elif change == "gone on":
            Recording.objects.update(changed_at=NOON + timedelta(seconds=9))
        egress.take(live, plan, egress.Told([info("EG_1", person.public_id)], []))
        track = RecordingTrack.objects.get()
    assert track.until == track.started_at


@pytest.mark.django_db
def test_what_the_media_server_refuses_is_told_until_it_is_recorded(make_session, monkeypatch):
    live = make_session(state="live")
    for trouble in ("The disk is full.", ""):

        async def ask(room, slug, plan, trouble=trouble):
            return egress.Told([], [], trouble=trouble)

        monkeypatch.setattr(egress, "ask", ask)
        egress.drive.call(live.tenant_id, live.pk)
        assert cache.get(egress.refusal_key(live.room_name)) == trouble
