"""The chat over the socket: who reads what, answers, changes, what is taken back, reactions, older pages."""

import json
from itertools import count

import pytest
from channels.layers import get_channel_layer

from classrooms.models import ChatMessage, ChatReaction, Material, SessionEvent
from signaling.graphemes import graphemes
from tests.socket.conftest import rows, wire

SECRET = "the key lies under the mat"
KEYS = count()
CHATTY = ("said", "message_edited", "message_deleted", "reacted")


@pytest.fixture
async def four(inside, teacher, student, admin, classmate, live):
    """Teacher, two students and the admin, all inside."""
    await rows(live, lambda: type(live).objects.update(entry="school"))
    pages = [await inside(who, live) for who in (teacher, student, classmate, admin)]
    for each in pages:
        await each.up_to_date()
        each.keep.clear()
    return pages


async def say(page, text="hi", **more):
    """Say it, and read up to its event."""
    key = f"k{next(KEYS)}"
    await page.send("say", key=key, text=text, **more)
    while (said := (await page.get("said"))["message"])["key"] != key:
        pass
    return said


async def chat_of(page):
    return [each for each in await page.up_to_date() if each["type"] in CHATTY]


# ── to one person ────────────────────────────────────────────────────────────────────────────────


async def test_a_private_message_reaches_two_sockets_and_takes_a_number_of_all(four):
    leading, asking, third, fourth = four
    said = await say(asking, SECRET, to=leading.id)
    assert said["to"] == {"id": leading.id, "name": "Tom Teacher"}
    assert (await leading.get("said"))["message"] == said
    for other in (third, fourth):
        withheld = await other.get("withheld")
        assert withheld == {"type": "withheld", "seq": said["id"], "at": "2026-11-25T12:00:00Z"}
    await say(leading, "to all")
    for other in (third, fourth):
        assert (await other.get("said"))["seq"] == said["id"] + 1
        assert SECRET not in json.dumps(other.keep)


async def test_private_words_never_pass_the_group(four, monkeypatch):
    layer, groups, sockets = get_channel_layer(), [], []
    group_send, send = layer.group_send, layer.send

    async def watched_group(group, message):
        groups.append(json.dumps(message))
        await group_send(group, message)

    async def watched(channel, message):
        sockets.append((channel, json.dumps(message)))
        await send(channel, message)

    monkeypatch.setattr(layer, "group_send", watched_group)
    monkeypatch.setattr(layer, "send", watched)
    leading, asking, *_ = four
    await say(asking, SECRET, to=leading.id)
    await leading.get("said")
    assert groups
    assert not any(SECRET in each for each in groups)
    assert len({channel for channel, each in sockets if SECRET in each}) == 2


async def test_whatever_happens_to_a_private_message_is_withheld_from_others(four):
    leading, asking, third, _ = four
    said = await say(asking, SECRET, to=leading.id)
    await leading.get("said")
    await leading.send("react_to", message=said["id"], emoji="👍", on=True)
    await asking.get("reacted")
    await asking.send("edit_message", message=said["id"], text=SECRET + "!")
    await leading.get("message_edited")
    await asking.send("delete_message", message=said["id"])
    await leading.get("message_deleted")
    kinds = [each["type"] for each in await third.up_to_date()]
    assert kinds == ["withheld"] * 4


async def test_a_replay_and_a_snapshot_give_each_what_is_theirs(
    four, page, live, teacher, classmate, student
):
    leading, asking, third, _ = four
    since = asking.seq
    await asking.send("say", key="p1", text=SECRET, to=leading.id)
    await leading.get("said")
    await third.send("say", key="p2", text="between students", to=asking.id)
    await asking.get("said")
    await asking.get("said")
    for each in (leading, asking, third):
        await each.close()
    back = {name: await page(who, live) for name, who in (("t", teacher), ("s", student), ("c", classmate))}
    seen = {}
    for name, each in back.items():
        assert (await each.join(since=since))["type"] == "resumed"
        events = await each.up_to_date()
        assert [event["seq"] for event in events if event.get("seq", 0) > since][:2] == [since + 1, since + 2]
        seen[name] = [event["message"]["text"] for event in events if event["type"] == "said"]
        await each.close()
    assert seen == {"t": [SECRET], "s": [SECRET, "between students"], "c": ["between students"]}
    for who, texts in ((teacher, [SECRET]), (classmate, ["between students"])):
        fresh = await page(who, live)
        joined = await fresh.join()
        assert [message["text"] for message in joined["messages"]] == texts
        await fresh.close()


async def test_whoever_is_away_for_a_moment_gets_it_on_return(four, page, student, live):
    leading, asking, *_ = four
    since = asking.seq
    await asking.close()
    await leading.get("participant_left")
    await leading.send("say", key="k", text=SECRET, to=asking.id)
    await leading.get("said")
    back = await page(student, live)
    await back.join(since=since)
    assert [each["message"]["text"] for each in await back.up_to_date() if each["type"] == "said"] == [SECRET]


async def test_a_private_event_that_the_layer_lost_is_fetched(four, monkeypatch):
    leading, asking, third, _ = four
    layer = get_channel_layer()
    send = layer.send

    async def deaf(channel, message):
        if message["type"] != "session.event":
            await send(channel, message)

    with monkeypatch.context() as patch:
        patch.setattr(layer, "send", deaf)
        await asking.send("say", key="k", text=SECRET, to=leading.id)
        await third.get("withheld")
    await say(third, "to all")
    for each in (leading, asking):
        assert (await each.get("said"))["message"]["text"] == SECRET
        assert (await each.get("said"))["message"]["text"] == "to all"


@pytest.mark.parametrize(("by", "to", "allowed"), [(1, 2, False), (1, 0, True), (0, 1, True), (1, 3, True)])
async def test_a_school_may_forbid_students_among_themselves_and_nothing_else(four, live, by, to, allowed):
    await rows(live, lambda: type(live.tenant).objects.update(private_chat=False))
    await four[by].send("say", key="k", text=SECRET, to=four[to].id)
    answer = await four[by].get("said", "refused")
    if allowed:
        assert answer["message"]["text"] == SECRET
    else:
        assert (answer["code"], answer["re"], answer["key"]) == ("no_private_chat", "say", "k")
        assert answer["mend"]
        assert await chat_of(four[to]) == []


async def test_the_page_is_told_whether_students_may_write_to_each_other(four, page, student, live):
    assert four[1].joined["private_chat"] is True
    await rows(live, lambda: type(live.tenant).objects.update(private_chat=False))
    again = await page(student, live)
    assert (await again.join())["private_chat"] is False


@pytest.mark.parametrize("to", ["nobody", "oneself"])
async def test_there_must_be_somebody_to_read_it(four, to):
    await four[1].send("say", key="k", text="hi", to="0" * 32 if to == "nobody" else four[1].id)
    refused = await four[1].get("refused")
    assert (refused["code"], refused["key"]) == ("unknown_participant", "k")


async def test_the_other_school_cannot_even_come_to_the_door(outsider, live, clock):
    socket = wire(outsider, f"/ws/sessions/{live.public_id}/", clock)
    assert (await socket.connect())[0] is False


# ── answering ────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_quotes_what_it_answers_as_it_is_now(four, page, student, live):
    leading, asking, *_ = four
    first = await say(asking, "what is anaphase? " + "x" * 200)
    answer = await say(leading, "after metaphase", reply=first["id"])
    assert answer["reply"] == {
        "id": first["id"],
        "name": "Sue Student",
        "text": first["text"][:140],
        "deleted": False,
    }
    await asking.send("delete_message", message=first["id"])
    await leading.get("message_deleted")
    fresh = await page(student, live)
    quoted = (await fresh.join())["messages"][1]["reply"]
    assert (quoted["text"], quoted["deleted"]) == ("", True)


async def test_a_private_message_is_quoted_only_between_the_same_two(four):
    leading, asking, third, _ = four
    private = await say(asking, SECRET, to=leading.id)
    await leading.get("said")
    assert (await say(leading, "thanks", reply=private["id"], to=asking.id))["reply"]["text"] == SECRET
    for to in ({}, {"to": third.id}):
        await leading.send("say", key="k", text="look", reply=private["id"], **to)
        assert (await leading.get("refused"))["code"] == "private_answer"
    await third.send("say", key="k", text="look", reply=private["id"])
    assert (await third.get("refused"))["code"] == "unknown_message"


# ── changing ─────────────────────────────────────────────────────────────────────────────────────


async def test_ones_own_message_is_changed_for_all_and_marked(four, clock, page, student, live):
    leading, asking, *_ = four
    said = await say(asking, "metaphse")
    clock.pass_by(seconds=30)
    await asking.send("edit_message", message=said["id"], text="metaphase")
    edited = await leading.get("message_edited")
    assert (edited["message"], edited["text"]) == (said["id"], "metaphase")
    assert edited["edited_at"] == "2026-11-25T12:00:30Z"
    await asking.send("edit_message", message=said["id"], text="metaphase")  # as it is already
    assert await chat_of(leading) == []
    fresh = (await (await page(student, live)).join())["messages"][0]
    assert (fresh["text"], fresh["edited_at"]) == ("metaphase", "2026-11-25T12:00:30Z")


@pytest.mark.parametrize("type", ["edit_message", "delete_message"])
@pytest.mark.parametrize(
    ("by", "target", "code"),
    [(2, "public", "not_your_message"), (2, "private", "unknown_message"), (2, "none", "unknown_message")],
)
async def test_the_message_of_another_is_not_changed(four, live, type, by, target, code):
    leading, asking, *_ = four
    said = await say(asking, SECRET, **({"to": leading.id} if target == "private" else {}))
    number = 999 if target == "none" else said["id"]
    more = {"text": "forged"} if type == "edit_message" else {}
    await four[by].send(type, message=number, **more)
    refused = await four[by].get("refused")
    assert (refused["code"], refused["re"], refused["message"]) == (code, type, number)
    assert refused["text"].endswith(".")
    assert (await rows(live, lambda: ChatMessage.objects.get())).text == SECRET


async def test_a_teacher_takes_back_any_message_but_changes_none(four):
    leading, asking, third, _ = four
    said = await say(asking, "rubbish")
    await leading.send("edit_message", message=said["id"], text="forged")
    assert (await leading.get("refused"))["code"] == "not_your_message"
    await leading.send("delete_message", message=said["id"])
    assert (await third.get("message_deleted"))["deleted"] == "teacher"


async def test_a_teacher_cannot_take_back_what_two_students_write_to_each_other(four):
    leading, asking, third, _ = four
    said = await say(asking, SECRET, to=third.id)
    await leading.send("delete_message", message=said["id"])
    assert (await leading.get("refused"))["code"] == "unknown_message"


async def test_what_is_taken_back_is_gone_from_the_database_and_from_every_replay(
    four, page, student, live, admin
):
    leading, asking, *_ = four
    since = leading.seq
    said = await say(asking, SECRET)
    await asking.send("edit_message", message=said["id"], text=SECRET + " at home")
    await leading.send("react_to", message=said["id"], emoji="😮", on=True)
    await leading.get("reacted")
    await asking.send("delete_message", message=said["id"])
    assert (await leading.get("message_deleted"))["deleted"] == "own"

    def everything():
        log = json.dumps(list(SessionEvent.objects.values_list("payload", flat=True)))
        return log + json.dumps(list(ChatMessage.objects.values_list("text", flat=True)))

    assert SECRET not in await rows(live, everything)
    assert await rows(live, ChatReaction.objects.count) == 0
    back = await page(admin, live)
    await back.join(since=since)
    replayed = await back.up_to_date()
    assert SECRET not in json.dumps(replayed)
    for message in ({"type": "edit_message", "text": "again"}, {"type": "delete_message"}):
        await asking.send(**message, message=said["id"])
        assert (await asking.get("refused"))["code"] == "unknown_message"


# ── reactions ────────────────────────────────────────────────────────────────────────────────────


async def test_reactions_are_toggled_and_counted(four, page, student, live):
    leading, asking, third, _ = four
    said = await say(asking)
    for each in (leading, third, third):  # the third twice: nothing happens the second time
        await each.send("react_to", message=said["id"], emoji="👍", on=True)
        await each.up_to_date()
    await leading.send("react_to", message=said["id"], emoji="🎉", on=True)
    await third.send("react_to", message=said["id"], emoji="👍", on=False)
    events = [await asking.get("reacted") for _ in range(4)]
    counts = [(each["emoji"], each["on"], each["count"]) for each in events]
    assert sorted(counts) == sorted([("👍", True, 1), ("👍", True, 2), ("🎉", True, 1), ("👍", False, 1)])
    fresh = (await (await page(student, live)).join())["messages"][0]
    assert fresh["reactions"] == [
        {"emoji": "👍", "count": 1, "names": ["Tom Teacher"], "mine": False},
        {"emoji": "🎉", "count": 1, "names": ["Tom Teacher"], "mine": False},
    ]


async def test_a_message_that_is_not_there_takes_no_reaction(four):
    leading, asking, third, _ = four
    said = await say(asking, SECRET, to=leading.id)
    for number in (said["id"], 999):
        await third.send("react_to", message=number, emoji="👍", on=True)
        assert (await third.get("refused"))["code"] == "unknown_message"


async def test_reactions_to_what_goes_on_are_told_together_and_kept_nowhere(four, live):
    leading, asking, third, _ = four
    before = await rows(live, lambda: type(live).objects.get().last_seq)
    await asking.send("react", emoji="👏")
    await third.send("react", emoji="👏")
    found = []
    while sum(each["count"] for each in found) < 2:
        found += (await leading.get("reactions"))["reactions"]
    assert {each["emoji"] for each in found} == {"👏"}
    assert {who for each in found for who in each["by"]} == {asking.id, third.id}
    assert await rows(live, lambda: type(live).objects.get().last_seq) == before


async def test_reactions_have_a_pace_of_their_own(four):
    for _ in range(6):
        await four[1].send("react", emoji="👏")
    assert (await four[1].get("refused"))["code"] == "too_fast"


async def test_a_page_at_the_door_neither_reacts_nor_sees_reactions(page, inside, teacher, student, live):
    leading, door = await inside(teacher, live), await page(student, live)
    await door.send("react", emoji="👏")
    assert (await door.get("refused"))["code"] == "not_here"
    await leading.send("react", emoji="👏")
    await leading.get("reactions")
    assert not [each for each in await door.up_to_date() if each["type"] == "reactions"]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "edit_message", "message": 1, "text": "x"},
        {"type": "delete_message", "message": 1},
        {"type": "react_to", "message": 1, "emoji": "👍", "on": True},
        {"type": "react", "emoji": "👍"},
        {"type": "history", "before": 9},
        {"type": "say", "key": "k", "text": "x", "to": "0" * 32},
    ],
    ids=lambda message: message["type"],
)
async def test_only_those_inside_take_part_and_nobody_after_the_end(
    page, inside, teacher, student, live, message
):
    leading, door = await inside(teacher, live), await page(student, live)
    await door.send(**message)
    assert (await door.get("refused"))["code"] == "not_here"
    await leading.send("end_class")
    await leading.get("class_ended")
    await leading.send(**message)
    assert (await leading.get("refused"))["code"] == "ended"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "say", "key": "k", "text": ""},
        {"type": "say", "key": "k", "text": "", "files": ["0" * 32] * 11},
        {"type": "edit_message", "message": 1, "text": " "},
        {"type": "react_to", "message": 1, "emoji": "💣", "on": True},
        {"type": "react", "emoji": "<script>"},
        {"type": "history", "before": -1},
    ],
)
async def test_what_is_no_message_is_refused(inside, teacher, live, message):
    leading = await inside(teacher, live)
    await leading.send(**message)
    assert (await leading.get("refused"))["code"] == "malformed"


# ── files ────────────────────────────────────────────────────────────────────────────────────────


async def add_file(live, who, name="leaf.png", clock=None):
    def added():
        member = who.member
        return Material.objects.create(
            session=live,
            by=member,
            name=name,
            size=9,
            picture="image/png",
            width=4,
            height=3,
            added_at=clock.at,
        ).public_id

    return await rows(live, added)


async def test_a_message_shows_its_files_and_takes_them_with_it(four, live, student, clock):
    leading, asking, *_ = four
    material = await add_file(live, student, clock=clock)
    said = await say(asking, "", files=[material])
    [told] = (await leading.get("said"))["message"]["files"]
    assert (told["id"], told["name"], told["picture"]) == (material, "leaf.png", {"width": 4, "height": 3})
    await asking.send("delete_message", message=said["id"])
    assert (await leading.get("material_removed"))["id"] == material
    assert await rows(live, Material.objects.count) == 0


async def test_a_co_teacher_takes_back_a_message_with_its_files(four, live, student, clock):
    leading, asking, helping, _ = four
    await leading.send("appoint", participant=helping.id, co_teacher=True)
    await helping.get("role_changed")
    said = await say(asking, "look", files=[await add_file(live, student, clock=clock)])
    await helping.send("delete_message", message=said["id"])
    assert (await asking.get("message_deleted"))["deleted"] == "teacher"
    await asking.get("material_removed")
    assert await rows(live, Material.objects.count) == 0


async def test_only_ones_own_new_files_go_into_a_message_to_everyone(four, live, student, teacher, clock):
    leading, asking, *_ = four
    others, own = await add_file(live, teacher, clock=clock), await add_file(live, student, clock=clock)
    for files, more, code in (
        ([others], {}, "unknown_file"),
        (["0" * 32], {}, "unknown_file"),
        ([own], {"to": leading.id}, "files_for_all"),
    ):
        await asking.send("say", key="k", text="", files=files, **more)
        refused = await asking.get("refused")
        assert (refused["code"], refused["key"]) == (code, "k")
    await say(asking, "", files=[own])
    await asking.send("say", key="again", text="", files=[own])
    assert (await asking.get("refused"))["code"] == "unknown_file"


# ── older pages, length ──────────────────────────────────────────────────────────────────────────


async def test_older_messages_come_page_by_page_and_only_those_one_may_read(
    four, page, live, student, teacher, classmate, clock
):
    leading, asking, *_ = four

    def long_talk():
        by = {each.public_id: each for each in leading_rows()}
        for n in range(1_000, 1_450):
            to = by[leading.id] if n % 2 else None
            ChatMessage.objects.create(
                session=live, number=n, by=by[asking.id], to=to, key=str(n), text=str(n), said_at=clock.at
            )

    def leading_rows():
        return list(live.participants.all())

    await rows(live, long_talk)
    fresh = await page(classmate, live)
    joined = await fresh.join()
    assert joined["earlier"] is True
    texts = [each["text"] for each in joined["messages"]]
    assert texts == [str(n) for n in range(1_050, 1_450, 2)]
    await fresh.send("history", before=joined["messages"][0]["id"])
    older = await fresh.get("earlier")
    assert ([each["text"] for each in older["messages"]], older["more"]) == (
        [str(n) for n in range(1_000, 1_050, 2)],
        False,
    )


async def test_length_is_counted_in_characters_as_people_see_them(four):
    family = "👨‍👩‍👧‍👦"  # seven code points
    assert graphemes(family) == 1
    long = {"type": "say", "key": "long", "text": family * 1_100}
    await four[1].send_text(json.dumps(long, ensure_ascii=False))
    assert (await four[1].get("said"))["message"]["text"] == family * 1_100
    await four[1].send("say", key="k", text="x" * 2_001)
    assert (await four[1].get("refused"))["code"] == "malformed"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("e\u0301", 1),
        ("🇩🇪🇫🇷", 2),
        ("👍🏽", 1),
        ("\r\n", 1),
        ("한글", 2),
        ("ก็", 1),
        ("a\u200db", 1),
    ],
)
def test_graphemes(text, count):
    assert graphemes(text) == count
