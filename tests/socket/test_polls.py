"""Polls over the socket: who asks, who votes, who learns what, and what is kept."""

import json

import pytest

from classrooms.live.polls import MOST_POLLS
from classrooms.models import Participant, Poll, PollVote, SessionEvent
from tests.socket.conftest import beat, rows, wire

CHOICES = ["Prophase", "Anaphase", "Telophase"]


@pytest.fixture
async def four(inside, teacher, student, admin, classmate, live):
    """Teacher, two students and the admin (who leads too), all inside."""
    await rows(live, lambda: type(live).objects.update(entry="school"))
    pages = [await inside(who, live) for who in (teacher, student, classmate, admin)]
    for each in pages:
        await each.up_to_date()
        each.keep.clear()
    return pages


async def ask(page, key="q1", question="What comes first?", choices=CHOICES, **more):
    """Ask, and read up to its event: the poll."""
    await page.send("ask_poll", key=key, question=question, choices=choices, **more)
    return (await page.get("poll_started"))["poll"]


async def vote(page, poll, *chosen):
    await page.send("vote", poll=poll["id"], chosen=list(chosen))
    return await page.get("vote_noted", "refused")


async def refusal(page, type, **fields):
    await page.send(type, **fields)
    return (await page.get("refused"))["code"]


async def fresh_polls(page, person, live):
    """As somebody who comes in now is told of them; that person's open page is put out."""
    opened = await page(person, live)
    joined = await opened.join()
    await opened.close()
    return joined["polls"]


async def test_a_poll_is_asked_answered_and_ended_and_everybody_sees_the_result(four):
    leading, asking, mate, other = four
    poll = await ask(leading)
    assert (poll["counts"], poll["voters"], poll["by"]) == ([0, 0, 0], 0, "Tom Teacher")
    for each in (asking, mate):
        seen = (await each.get("poll_started"))["poll"]
        assert (seen["question"], seen["choices"], seen["counts"]) == ("What comes first?", CHOICES, None)
    assert (await vote(asking, poll, 0))["chosen"] == [0]
    assert (await leading.get("poll_counted"))["counts"] == [1, 0, 0]
    await vote(asking, poll, 2)
    assert (await leading.get("poll_counted"))["counts"] == [0, 0, 1], "changed, and told within a second"
    assert (await other.get("poll_counted"))["voters"] == 1
    await leading.send("end_poll", poll=poll["id"])
    for each in four:
        ended = await each.get("poll_ended")
        assert (ended["counts"], ended["voters"]) == ([0, 0, 1], 1)
    assert (await vote(mate, poll, 1))["code"] == "poll_over"


async def test_students_see_counts_while_it_runs_where_that_was_chosen_and_never_who(four):
    leading, asking, mate, _ = four
    poll = await ask(leading, live=True, by_name=True)
    await vote(asking, poll, 1)
    told = await mate.get("poll_counted")
    assert (told["counts"], told["votes"]) == ([0, 1, 0], [])
    (named,) = (await leading.get("poll_counted"))["votes"]
    assert named == {"participant": asking.id, "name": "Sue Student", "chosen": [1]}


async def test_counts_of_a_poll_that_hides_them_pass_no_students_socket(four, page, student, live):
    leading, asking, mate, _ = four
    poll = await ask(leading, by_name=True)
    await mate.get("poll_started")
    since = mate.seq
    await vote(asking, poll, 1)
    await leading.get("poll_counted")
    await mate.up_to_date()
    assert [each["type"] for each in mate.keep if each.get("seq", 0) > since] == ["withheld"]
    await asking.close()
    back = await page(student, live)
    resumed = await back.join(since=since)
    assert (resumed["polls"][0]["mine"], resumed["polls"][0]["counts"]) == ([1], None)
    assert "poll_counted" not in [each["type"] for each in await back.up_to_date()]


async def test_nobody_ever_learns_who_chose_what_in_an_anonymous_poll(four, page, live, teacher, student):
    leading, asking, mate, _ = four
    poll = await ask(leading)
    await vote(asking, poll, 1)
    await vote(mate, poll, 2)
    await leading.send("end_poll", poll=poll["id"])
    await leading.get("poll_ended")
    for told in leading.keep:
        assert "votes" not in told or told["votes"] == []
    logged = await rows(
        live, lambda: list(SessionEvent.objects.filter(type__startswith="poll").values_list("payload", "by"))
    )
    assert not {asking.id, mate.id} & set(json.dumps([each for each, _ in logged]).split('"'))
    voters = await rows(live, lambda: {each.pk for each in Participant.objects.filter(role="student")})
    assert not voters & {by for _, by in logged}
    assert await rows(live, PollVote.objects.count) == 0, "numbers are all that is left"
    (told,) = await fresh_polls(page, teacher, live)
    assert (told["counts"], told["votes"]) == ([0, 1, 1], [])
    (told,) = await fresh_polls(page, student, live)
    assert told["mine"] is None


async def test_a_poll_by_name_stays_by_name_for_those_who_lead(four, page, live, teacher, student):
    leading, asking, mate, _ = four
    poll = await ask(leading, by_name=True, several=True)
    await vote(asking, poll, 2, 0)
    await vote(mate, poll, 1)
    await leading.send("end_poll", poll=poll["id"])
    await leading.get("poll_ended")
    (told,) = await fresh_polls(page, teacher, live)
    assert {each["name"]: each["chosen"] for each in told["votes"]} == {
        "Sue Student": [0, 2],
        "Cal Classmate": [1],
    }
    (own,) = await fresh_polls(page, student, live)
    assert (own["mine"], own["votes"], own["counts"]) == ([0, 2], [], [1, 1, 1])


async def test_asked_twice_it_is_kept_once_and_one_runs_at_a_time(four, live):
    leading, _, _, other = four
    poll = await ask(leading)
    await leading.send("ask_poll", key="q1", question="What comes first?", choices=CHOICES)
    assert "refused" not in [each["type"] for each in await leading.up_to_date()]
    assert await rows(live, Poll.objects.count) == 1
    again = {"key": "q2", "question": "And then?", "choices": ["a", "b"]}
    assert await refusal(other, "ask_poll", **again) == "poll_runs"
    await leading.send("end_poll", poll=poll["id"])
    await leading.send("end_poll", poll=poll["id"])
    assert [each["type"] for each in await leading.up_to_date()].count("poll_ended") == 1
    assert (await ask(other, **again))["question"] == "And then?"


async def test_the_same_vote_again_changes_nothing(four):
    leading, asking, *_ = four
    poll = await ask(leading)
    await vote(asking, poll, 1)
    before = (await leading.get("poll_counted"))["seq"]
    assert (await vote(asking, poll, 1))["type"] == "vote_noted"
    await leading.up_to_date()
    assert leading.seq == before


@pytest.mark.parametrize("chosen", [[3], [0, 1]])
async def test_what_is_no_answer_is_refused(four, chosen):
    leading, asking, *_ = four
    poll = await ask(leading)
    assert (await vote(asking, poll, *chosen))["code"] == "unknown_choice"


async def test_the_same_choice_twice_is_none(four):
    leading, asking, *_ = four
    poll = await ask(leading, several=True)
    assert (await vote(asking, poll, 1, 1))["code"] == "unknown_choice"


@pytest.mark.parametrize(
    "fields",
    [
        {"choices": ["only one"]},
        {"choices": list("abcdefg")},
        {"choices": ["same", " same "]},
        {"choices": ["", "b"]},
        {"choices": ["x" * 101, "b"]},
        {"question": "  "},
        {"question": "x" * 301},
        {"question": "a\x00b"},
    ],
)
async def test_a_question_has_bounds(four, fields):
    poll = {"key": "k", "question": "Why?", "choices": ["a", "b"]} | fields
    assert await refusal(four[0], "ask_poll", **poll) == "malformed"


async def test_a_class_has_so_many_polls_and_no_more(four, live, clock):
    leading = four[0]
    for n in range(MOST_POLLS):
        clock.pass_by(seconds=2)
        poll = await ask(leading, key=f"q{n}")
        await leading.send("end_poll", poll=poll["id"])
        await leading.get("poll_ended")
    clock.pass_by(seconds=2)
    code = await refusal(leading, "ask_poll", key="more", question="Why?", choices=["a", "b"])
    assert code == "too_many_polls"


async def test_a_deleted_poll_is_gone_from_snapshots_and_replays(four, page, student, live):
    leading, asking, mate, _ = four
    since = asking.seq
    poll = await ask(leading, question="A slip of the tongue?")
    await vote(mate, poll, 0)
    await asking.close()
    await leading.send("delete_poll", poll=poll["id"])
    assert (await mate.get("poll_deleted"))["poll"] == poll["id"]
    back = await page(student, live)
    resumed = await back.join(since=since)
    told = await back.up_to_date()
    assert resumed["polls"] == []
    assert "slip of the tongue" not in json.dumps(told)
    assert await refusal(leading, "delete_poll", poll=poll["id"]) == "unknown_poll"
    assert await rows(live, PollVote.objects.count) == 0


async def test_a_result_is_shown_again_and_a_running_poll_is_not(four):
    leading, asking, *_ = four
    poll = await ask(leading)
    assert await refusal(leading, "show_poll", poll=poll["id"]) == "poll_runs"
    await leading.send("end_poll", poll=poll["id"])
    await leading.send("show_poll", poll=poll["id"])
    assert (await asking.get("poll_shown"))["by"] == leading.id


async def test_a_poll_ends_with_its_class(four, live):
    leading, asking, *_ = four
    poll = await ask(leading)
    await vote(asking, poll, 1)
    await leading.send("end_class")
    assert (await asking.get("poll_ended"))["counts"] == [0, 1, 0]
    await asking.get("class_ended")
    assert await rows(live, lambda: Poll.objects.get().counts) == [0, 1, 0]


async def test_who_becomes_a_co_teacher_sees_counts_and_no_longer_when_they_are_not(four):
    leading, asking, mate, _ = four
    poll = await ask(leading, by_name=True)
    await vote(asking, poll, 1)
    await leading.send("appoint", participant=mate.id, co_teacher=True)
    (seen,) = (await mate.get("polls"))["polls"]
    assert (seen["counts"], seen["votes"][0]["name"]) == ([0, 1, 0], "Sue Student")
    await leading.send("appoint", participant=mate.id, co_teacher=False)
    (seen,) = (await mate.get("polls"))["polls"]
    assert (seen["counts"], seen["votes"]) == (None, [])


async def test_a_vote_of_somebody_who_went_at_once_is_told_at_the_teachers_next_beat(four, live):
    leading, asking, mate, _ = four
    poll = await ask(leading)
    await vote(mate, poll, 0)
    await leading.get("poll_counted")
    await vote(asking, poll, 1)
    await asking.close()
    await beat(live)
    assert (await leading.get("poll_counted"))["counts"] == [1, 1, 0]


async def test_another_school_finds_no_poll(four, live, outsider, clock):
    await ask(four[0])
    socket = wire(outsider, f"/ws/sessions/{live.public_id}/", clock)
    assert not (await socket.connect())[0]
