"""Another system is told what happens in a school: signed, in order, whatever troubles it, or us."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import time, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.entries import AuditEntry, Deed
from accounts.refusals import NotYourPeople
from classrooms.actions import cancel_session, reschedule_session, schedule_session
from classrooms.hooks import actions, sending
from classrooms.hooks.events import EVENTS, happened, settle
from classrooms.hooks.refusals import NoSuchEvent, NotAnAddress, NotOn
from classrooms.models import ClassSession, Recording, Webhook, WebhookDelivery, WebhookEvent
from classrooms.recurrence import Rule
from classrooms.repeating.actions import cancel_later, schedule_series
from tenants.scope import every_tenant, tenant_scope

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(row: Any) -> Any:
    with every_tenant():
        return type(row).objects.get(pk=row.pk)


def deliveries() -> list[Any]:
    with every_tenant():
        return list(WebhookDelivery.objects.select_related("event").order_by("pk"))


def states() -> list[str]:
    return [each.state for each in deliveries()]


def happen(webhook, now, name="session.started", session=None, **data):
    with tenant_scope(webhook.tenant):
        return happened(name, now, lambda: data, session)


# ── what is told ─────────────────────────────────────────────────────────────────────────────────


def test_a_test_is_signed_as_the_specification_says(webhook, admin, timetable, turns, now):
    with tenant_scope(webhook.tenant):
        event = actions.send_test(webhook=webhook, by=admin.member, at=now)
    assert turns() == 1
    (told,) = timetable.got  # which checks the signature
    assert told["id"] == f"msg_{event.public_id}"
    assert (told["type"], told["timestamp"]) == ("webhook.test", "2026-11-25T12:00:00.000Z")
    assert told["data"] == {"webhook": {"id": webhook.public_id, "name": "Timetable"}}


async def test_a_class_is_told_from_start_to_end(webhook, inside, teacher, student, live, timetable, clock):
    leading = await inside(teacher, live)
    await (await inside(student, live)).close()
    await leading.get("participant_left")
    await leading.send("end_class")
    await leading.get("class_ended")
    await sync_to_async(drain)(clock())
    assert timetable.types == [
        "session.started", "participant.joined", "participant.joined", "participant.left", "session.ended",
    ]  # fmt: skip
    joined, left = timetable.got[2], timetable.got[3]
    assert joined["data"]["session"]["id"] == live.public_id
    sue = joined["data"]["participant"]
    assert (sue["name"], sue["role"], sue["user"]) == ("Sue Student", "student", student.member.public_id)
    assert (left["data"]["participant"]["id"], left["data"]["reason"]) == (sue["id"], "lost")
    assert timetable.got[4]["data"]["session"]["state"] == "ended"


async def test_who_has_another_name_in_a_second_tab_has_not_joined_twice(
    webhook, inside, teacher, student, live, timetable, clock
):
    leading, _ = await inside(teacher, live), await inside(student, live)
    user = student.member.user
    await sync_to_async(type(user).objects.filter(pk=user.pk).update)(name="Sue Renamed")
    await inside(student, live)
    for _ in range(2):
        await leading.get("participant_joined")
    await sync_to_async(drain)(clock())
    assert timetable.types == ["session.started", "participant.joined", "participant.joined"]


def drain(at):
    with ThreadPoolExecutor(1) as pool:
        tellers = sending.Tellers(pool)
        while tellers.turn(at):
            wait(tellers.busy)


def test_the_calendar_is_told_of_each_class_that_is_scheduled_changed_and_cancelled(
    webhook, course, teacher, make_session, timetable, turns, now
):
    values = {"teacher": teacher.member, "title": "Enzymes", "starts_at": now + DAY, "duration": HOUR}
    with tenant_scope(webhook.tenant):
        session = schedule_session(course=course, by=teacher.member, at=now, **values)
        same = values | {
            "entry": session.entry,
            "records": None,
            "session": session,
            "by": teacher.member,
            "at": now,
        }
        reschedule_session(**same)
        reschedule_session(**same | {"starts_at": now + 2 * DAY})
        cancel_session(session=session, by=teacher.member, at=now)
    turns()
    assert timetable.types == ["session.scheduled", "session.changed", "session.cancelled"]
    told = [each["data"]["session"] for each in timetable.got]
    assert {each["id"] for each in told} == {session.public_id}
    assert [each["starts_at"][:10] for each in told] == ["2026-11-26", "2026-11-27", "2026-11-27"]


def test_every_class_of_a_series_is_told_by_itself(webhook, course, teacher, timetable, turns, now):
    rule = Rule(every=1, starts_on=(now + DAY).date(), clock=time(9), weekdays=(3,), count=3)
    with tenant_scope(webhook.tenant):
        of_series = {"teacher": teacher.member, "title": "Enzymes", "duration": HOUR}
        schedule_series(course=course, by=teacher.member, rule=rule, at=now, **of_series, entry="enrolled")
        second = ClassSession.objects.order_by("starts_at")[1]
        cancel_later(session=second, by=teacher.member, at=now)
    turns()
    assert timetable.types == ["session.scheduled"] * 3 + ["session.cancelled"] * 2


def test_a_recording_that_can_be_watched_is_told_once(webhook, make_session, timetable, turns, now):
    session = make_session()
    with tenant_scope(webhook.tenant):
        finishing = {
            "state": Recording.State.FINISHING,
            "started_at": now,
            "changed_at": now,
            "ended_at": now,
        }
        recording = Recording.objects.create(session=session, **finishing)
        settle(recording)
        settle(recording)
    turns(1000 * DAY)  # it is told of the time of now
    assert timetable.types == ["recording.ready"]
    assert timetable.got[0]["data"]["recording"]["id"] == recording.public_id


def test_nobody_is_told_what_they_do_not_want(webhook, timetable, turns, now):
    with tenant_scope(webhook.tenant):
        Webhook.objects.update(wanted=["session.ended"])
    assert happen(webhook, now, "session.started") is None
    happen(webhook, now, "session.ended")
    turns()
    assert timetable.types == ["session.ended"]


def test_the_other_school_hears_nothing(webhook, other_tenant, timetable, turns, now):
    with tenant_scope(other_tenant):
        assert happened("session.started", now, dict) is None
    assert turns() == 0


# ── in order, in spite of trouble ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("spread", [0.9, 1.0, 1.1])
def test_what_fails_is_tried_again_until_a_day_is_over_and_then_given_up(
    webhook, timetable, turns, now, monkeypatch, spread
):
    monkeypatch.setattr(sending.random, "uniform", lambda *_: spread)
    timetable.answers(503)
    happen(webhook, now)
    after, tries = timedelta(), []
    while turns(after):
        tries.append(after)
        after = deliveries()[0].due_at - now
    assert states() == ["given_up"]
    assert tries[:3] == [timedelta(), spread * 5 * SECOND, spread * 35 * SECOND]
    assert tries[-1] == DAY, "the last try is when the day is over"
    assert len(timetable.got) == len(tries)
    assert len({each["id"] for each in timetable.got}) == 1, "the same id each time"
    assert deliveries()[0].status == 503


def test_what_failed_together_does_not_come_again_together():
    waits = {sending.wait(1) for _ in range(20)}
    assert len(waits) > 1
    assert all(0.9 <= each / sending.WAITS[0] <= 1.1 for each in waits)


def test_events_of_a_class_wait_for_those_before_and_other_classes_do_not(
    webhook, make_session, timetable, turns, now
):
    one, two = make_session(), make_session("Enzymes")
    timetable.answers(500, 200)
    for n, session in enumerate((one, one, two)):
        happen(webhook, now, session=session, n=n)
    turns()
    assert [each["data"]["n"] for each in timetable.got] == [0, 2]
    turns(MINUTE)
    assert [each["data"]["n"] for each in timetable.got] == [0, 2, 0, 1]
    assert states() == ["delivered"] * 3


def test_one_that_does_not_answer_holds_nobody_else_up(webhook, admin, timetable, turns, now):
    with tenant_scope(webhook.tenant):
        actions.make_webhook(by=admin.member, name="Gone", url="http://127.0.0.1:9/", wanted=[], at=now)
    happen(webhook, now)
    turns()
    assert timetable.types == ["session.started"]
    assert sorted(states()) == ["delivered", "waiting"]
    assert any("127.0.0.1" in each.problem for each in deliveries())


def test_an_address_with_much_to_hear_leaves_room_for_others(webhook, admin, make_session, timetable, now):
    for n in range(12):
        happen(webhook, now, session=make_session(f"Class {n}"))
    with tenant_scope(webhook.tenant):
        other, _ = actions.make_webhook(by=admin.member, name="New", url=timetable.url, wanted=[], at=now)
        actions.send_test(webhook=other, by=admin.member, at=now)
    assert [each.webhook_id for each in sending.due(now)] == [webhook.pk, webhook.pk, other.pk]


def test_a_receiver_that_takes_its_time_holds_no_other_up(webhook, other_webhook, timetable, now):
    with ThreadPoolExecutor(2) as pool:
        tellers = sending.Tellers(pool)
        timetable.holds.clear()
        happen(webhook, now)
        assert tellers.turn(now) == 1
        happen(other_webhook, now)
        assert tellers.turn(now) == 1
        timetable.wait_for("/other")
        assert states() != ["delivered"] * 2
        timetable.holds.set()
        wait(tellers.busy)
    assert states() == ["delivered"] * 2


def test_no_school_has_all_the_threads(webhook, other_webhook, admin, timetable, now):
    with tenant_scope(webhook.tenant):
        for n in range(sending.AT_ONCE):
            actions.make_webhook(by=admin.member, name=f"No {n}", url=timetable.url, wanted=[], at=now)
    happen(webhook, now)
    happen(other_webhook, now + MINUTE)
    chosen = sending.due(now + MINUTE)
    assert len(chosen) == sending.OF_SCHOOL + 1
    assert sending.due(now + MINUTE, chosen[:-1]) == chosen[-1:], "what is being told counts too"


@pytest.mark.parametrize("trouble", [{"url": "https://a..b/hook"}, {"sealed_secret": "under a lost key"}])
def test_what_can_never_be_told_is_given_up_too(webhook, turns, now, trouble):
    with tenant_scope(webhook.tenant):
        Webhook.objects.update(**trouble)
    happen(webhook, now)
    assert turns() == 1
    (delivery,) = deliveries()
    assert (delivery.attempts, delivery.taken_until) == (1, None)
    assert delivery.problem
    turns(DAY)
    turns(2 * DAY)
    assert states() == ["given_up"]


def test_a_fault_of_our_own_counts_as_an_attempt(webhook, turns, now, monkeypatch):
    monkeypatch.setattr(sending, "headers", lambda *_: 1 / 0)
    happen(webhook, now)
    turns()
    (delivery,) = deliveries()
    assert (delivery.attempts, delivery.problem) == (1, "Something went wrong in Aula.")


def test_what_happens_during_a_pause_is_told_after_it(webhook, admin, timetable, turns, now):
    with tenant_scope(webhook.tenant):
        actions.change_webhook(webhook=webhook, by=admin.member, on=False)
    happen(webhook, now)
    assert turns(DAY) == 0
    with tenant_scope(webhook.tenant):
        actions.change_webhook(webhook=fresh(webhook), by=admin.member, on=True)
    assert turns(2 * DAY) == 1
    assert timetable.types == ["session.started"]


def test_what_is_turned_off_misses_what_happens_meanwhile(webhook, now):
    with tenant_scope(webhook.tenant):
        Webhook.objects.update(state=Webhook.State.FAILED)
    assert happen(webhook, now) is None


def test_what_a_killed_process_had_taken_is_told_by_another_and_by_one_alone(webhook, timetable, turns, now):
    happen(webhook, now)
    (one,), (other,) = sending.due(now), sending.due(now)
    assert (sending.take(one, now), sending.take(other, now)) == (True, False)
    assert turns() == 0  # the process that took it is at it, as far as anybody knows
    assert turns(sending.TAKEN_FOR + MINUTE) == 1
    assert timetable.types == ["session.started"]


@pytest.mark.parametrize("status", [301, 302, 307])
def test_nobody_is_led_elsewhere(webhook, timetable, turns, now, status):
    timetable.answers(status)
    happen(webhook, now)
    turns()
    assert (states(), deliveries()[0].status) == (["waiting"], status)
    assert "leads elsewhere" in deliveries()[0].problem


def test_a_private_address_is_never_asked(webhook, timetable, turns, now, settings):
    happen(webhook, now)
    settings.OUTGOING_PRIVATE = False
    with tenant_scope(webhook.tenant):
        Webhook.objects.update(url=f"https://localhost:{timetable.server.server_port}/")
    turns()
    assert timetable.got == []
    assert "not on the public internet" in deliveries()[0].problem


def test_who_wants_no_more_gets_no_more_until_it_is_turned_on(webhook, admin, timetable, turns, now):
    timetable.answers(410, 200)
    happen(webhook, now)
    turns()
    assert fresh(webhook).state == Webhook.State.REFUSED
    assert turns(DAY / 2) == 0
    with tenant_scope(webhook.tenant), pytest.raises(NotOn):
        actions.send_test(webhook=fresh(webhook), by=admin.member, at=now)
    with tenant_scope(webhook.tenant):
        actions.change_webhook(webhook=fresh(webhook), by=admin.member, on=True)
    assert turns(DAY / 2) == 1


def test_an_address_that_fails_for_days_is_turned_off_and_one_success_forgives(
    webhook, timetable, turns, now
):
    timetable.answers(500, 200, 500)
    for day in (0, 4, 5, 9):
        happen(webhook, now + day * DAY)
        turns(day * DAY)
    assert fresh(webhook).state == Webhook.State.ON
    happen(webhook, now + 11 * DAY)
    turns(11 * DAY)
    assert fresh(webhook).state == Webhook.State.FAILED


def test_what_was_told_is_told_again_under_its_id(webhook, admin, timetable, turns, now):
    happen(webhook, now)
    turns()
    with tenant_scope(webhook.tenant):
        actions.replay(delivery=deliveries()[0], by=admin.member, at=now + HOUR)
    turns(HOUR)
    first, second = timetable.got
    assert first == second
    assert states() == ["delivered"]


def test_what_was_told_is_told_again_from_the_admin(webhook, admin, timetable, turns, now):
    happen(webhook, now)
    turns()
    (told,) = deliveries()
    form = {"action": "replay", "_selected_action": [told.pk]}
    assert admin.at(now + HOUR).post("/admin/classrooms/webhookdelivery/", form).status_code == 302
    assert states() == ["waiting"]
    with tenant_scope(webhook.tenant):
        entry = AuditEntry.objects.latest("pk")
        assert (entry.deed, entry.object_id) == (Deed.WEBHOOK_REPLAYED, webhook.public_id)
        assert entry.changes == {"event": [None, told.event.public_id]}
    turns(HOUR)
    first, second = timetable.got
    assert first == second
    assert states() == ["delivered"]


def test_what_is_long_ago_is_forgotten(webhook, turns, now):
    happen(webhook, now)
    happen(webhook, now + 20 * DAY)
    sender = sending.Sender()
    sender.clean(now + 40 * DAY)
    assert len(deliveries()) == 1
    sender.clean(now + 40 * DAY + HOUR / 2)
    sender.clean(now + 60 * DAY)
    assert deliveries() == []


def test_what_is_deleted_while_it_is_told_stays_deleted(webhook, admin, timetable, now):
    happen(webhook, now)
    (delivery,) = sending.due(now)
    with tenant_scope(webhook.tenant):
        actions.delete_webhook(webhook=fresh(webhook), by=admin.member)
    sending.tell(delivery, now)
    assert timetable.types == ["session.started"]
    assert deliveries() == []


def test_tests_and_replays_stand_in_the_audit_log(webhook, admin, turns, now):
    with tenant_scope(webhook.tenant):
        event = actions.send_test(webhook=webhook, by=admin.member, at=now)
        turns()
        actions.replay(delivery=deliveries()[0], by=admin.member, at=now)
        entries = AuditEntry.objects.order_by("pk").values_list("deed", "object_id", "changes")
        assert list(entries)[-2:] == [
            (Deed.WEBHOOK_TESTED, webhook.public_id, {}),
            (Deed.WEBHOOK_REPLAYED, webhook.public_id, {"event": [None, event.public_id]}),
        ]


# ── who may, and what is accepted ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["teacher", "student"])
def test_only_those_who_run_the_school_have_webhooks(who, request, webhook, now):
    member = request.getfixturevalue(who).member
    steps = [
        lambda: actions.make_webhook(by=member, name="X", url="https://x.test/", wanted=[], at=now),
        lambda: actions.change_webhook(webhook=webhook, by=member, on=False),
        lambda: actions.renew_secret(webhook=webhook, by=member),
        lambda: actions.send_test(webhook=webhook, by=member, at=now),
        lambda: actions.delete_webhook(webhook=webhook, by=member),
    ]
    with tenant_scope(webhook.tenant):
        for step in steps:
            with pytest.raises(NotYourPeople):
                step()


@pytest.mark.parametrize(
    "url",
    [
        "http://school.test/",
        "ftp://school.test/",
        "https://",
        "https://a:b@school.test/",
        "school.test",
        "https://x.test/#a",
        "https://a..b/hook",
        f"https://{'a' * 64}.test/",
        "https://x.test:99999/",
        "https://[::1/",
    ],
)
def test_an_address_has_https_and_no_secrets(url, admin, tenant, now, settings):
    settings.OUTGOING_PRIVATE = False
    with tenant_scope(tenant), pytest.raises(NotAnAddress):
        actions.make_webhook(by=admin.member, name="X", url=url, wanted=[], at=now)


def test_an_event_that_is_none_is_named(admin, tenant, now):
    with tenant_scope(tenant), pytest.raises(NoSuchEvent, match=r"class\.begun"):
        actions.make_webhook(
            by=admin.member, name="X", url="https://x.test/", wanted=["class.begun", *EVENTS], at=now
        )


def test_the_secret_is_in_no_row_and_another_one_counts_from_now_on(webhook, admin, timetable, turns, now):
    assert timetable.secret not in fresh(webhook).sealed_secret
    happen(webhook, now)
    with tenant_scope(webhook.tenant):
        timetable.secret = actions.renew_secret(webhook=webhook, by=admin.member)
    turns()
    assert timetable.types == ["session.started"]


def test_the_rows_of_deleted_webhooks_go(webhook, admin, turns, now):
    happen(webhook, now)
    with tenant_scope(webhook.tenant):
        actions.delete_webhook(webhook=webhook, by=admin.member)
        assert WebhookEvent.objects.count() == 1
    assert (turns(), deliveries()) == (0, [])
