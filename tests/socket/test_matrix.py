"""Every message of the classroom socket, for everyone, under every rule: one table says what is answered.

The table is held against the schema: a message that is not declared here fails, as does one too many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, get_args

import jwt
import pytest
from django.test import Client

from accounts.models import Role, User
from classrooms.live import egress
from classrooms.live.leading import FIELDS
from classrooms.live.rules import ClassRules
from classrooms.models import ClassSession, Enrolment, Participant
from signaling import schema
from signaling.classroom.page import SIGNED_OUT
from tenants.scope import tenant_scope
from tests.conftest import Guest
from tests.socket.conftest import Page, rows, wire

LEADING = ("teacher", "co_teacher")
INSIDE = (*LEADING, "student", "guest")
RUNNING = ("owner", "admin")  # may what the class's teacher may
ROLES = (*INSIDE, "waiting", "removed", "barred", "outsider")
NO_RULES = ("locked", "waiting_room")  # are about who comes in
RULES = tuple(each.name for each in fields(ClassRules) if each.name not in NO_RULES)
SCHOOL = "private chat at school"
NO_CAPTIONS = "captions at school"
DONE = "done"


@dataclass(frozen=True)
class Case:
    """Who asks, in a class that is locked or not, and of whose rules, or its school's, one, `off`, or none is
    off."""

    role: str
    locked: bool
    off: str | None

    def __str__(self) -> str:
        return f"{self.role}-{'locked' if self.locked else 'open'}-{self.off or 'all allowed'}"


Answer = Callable[[Case], str]


def everyone(case: Case) -> str:
    return DONE


def teachers(case: Case) -> str:
    """Those who lead, co-teachers among them."""
    return DONE if case.role in LEADING else "not_allowed"


def heads(case: Case) -> str:
    """Teachers of the class; a co-teacher while somebody else leads is not enough."""
    return DONE if case.role == "teacher" else "not_allowed"


def students(case: Case) -> str:
    """Nothing is recorded when a student says that they are lost: teachers alone begin that."""
    return "not_allowed" if case.role != "student" else "not_recorded"


def voters(case: Case) -> str:
    """Those who lead ask, and do not answer."""
    return DONE if case.role not in LEADING else "not_allowed"


def unless(rule: str, code: str) -> Answer:
    """Students and guests may unless this rule is off; teachers always."""
    return lambda case: code if case.role not in LEADING and case.off == rule else DONE


def readers(case: Case) -> str:
    """Teachers too: what a class or a school does without, nobody has."""
    return {"captions": "captions_off", NO_CAPTIONS: "no_captions"}.get(case.off or "", DONE)


def speakers(case: Case) -> str:
    no = readers(case)
    return no if no != DONE else unless("mic", "mic_off")(case)


def in_private(case: Case) -> str:
    """One student to another: as the school and the class allow; with a teacher always."""
    off = {"private_chat": "private_chat_off", SCHOOL: "no_private_chat"}
    return DONE if case.role in LEADING else off.get(case.off or "", DONE)


def nobody_but_its_writer(case: Case) -> str:
    return "not_your_message"


def its_writer_or_a_teacher(case: Case) -> str:
    return DONE if case.role in LEADING else "not_your_message"


def by_call(case: Case) -> str:
    """There are more than two people, so nobody calls directly whatever the rules."""
    return "not_direct"


def entry(case: Case) -> str:
    """Whoever is inside may come back; who was removed, or waits, is new to a class that is locked."""
    if case.role == "barred":
        return "barred"
    if case.role in ("removed", "waiting") and case.locked:
        return "locked"
    return "waiting" if case.role == "waiting" else DONE


Make = Callable[["Scene"], dict[str, Any]]
FILE = [{"name": "a.txt", "size": 1}]


def to_target(**more: Any) -> Make:
    return lambda scene: {"participant": scene.target.id, **more}


def to_mate(**more: Any) -> Make:
    return lambda scene: {"to": scene.target.id, **more}


def just(**more: Any) -> Make:
    return lambda scene: more


def own_message(**more: Any) -> Make:
    return lambda scene: {"message": scene.own, **more}


def other_message(**more: Any) -> Make:
    return lambda scene: {"message": scene.others, **more}


TABLE: dict[str, tuple[Make, Answer]] = {  # after a comma: of one type, what is answered differently
    "ping": (just(n=1), everyone),
    "say": (just(key="k", text="hi"), unless("chat", "chat_off")),
    "say, to one student": (to_mate(key="o", text="hi"), in_private),
    "say, to a teacher": (lambda scene: {"key": "t", "text": "hi", "to": scene.teacher}, everyone),
    "edit_message": (own_message(text="ho"), unless("chat", "chat_off")),
    "edit_message, of another": (other_message(text="forged"), nobody_but_its_writer),
    "react_to": (other_message(emoji="👍", on=True), unless("chat", "chat_off")),
    "react": (just(emoji="👏"), everyone),
    "history": (just(before=1), everyone),
    "delete_message": (own_message(), everyone),
    "delete_message, of another": (other_message(), its_writer_or_a_teacher),
    "raise_hand": (just(), everyone),
    "lower_hand": (to_target(), teachers),
    "lower_hands": (just(), teachers),
    "let_speak": (to_target(), teachers),
    "give_screen": (to_target(), teachers),
    "ask_to_unmute": (to_target(), teachers),
    "stop": (to_target(what="mic"), teachers),
    "signal": (to_mate(call="c"), by_call),
    "offer_files": (to_mate(key="f", files=FILE), unless("private_chat", "private_chat_off")),
    "settle_files": (to_mate(key="f", verdict="cancelled"), unless("private_chat", "private_chat_off")),
    "share_screen": (just(on=True), unless("screen", "screen_off")),
    "share_screen, no longer": (just(on=False), everyone),
    "want_captions": (just(wanted=True), readers),
    "caption": (just(line=1, text="hi"), speakers),
    "caption, at its end": (just(line=1, text="hi", final=True), speakers),
    "captioning": (just(state="on"), everyone),
    "consent": (just(given=True), everyone),
    "record": (just(wanted="on"), teachers),
    "mark_moment": (just(), teachers),
    "lost_here": (just(), students),
    "vote": (lambda scene: {"poll": scene.poll, "chosen": [0]}, voters),
    "end_poll": (lambda scene: {"poll": scene.poll}, teachers),
    "show_poll": (lambda scene: {"poll": scene.poll}, teachers),
    "delete_poll": (lambda scene: {"poll": scene.poll}, teachers),
    "ask_poll": (just(key="p", question="Why?", choices=["a", "b"]), teachers),
    "set_rules": (lambda scene: {"locked": scene.case.locked}, teachers),
    "let_in": (just(), teachers),
    "turn_away": (lambda scene: {"participant": scene.knocker, "reason": ""}, teachers),
    "admit": (lambda scene: {"participant": scene.banished}, heads),
    "appoint": (to_target(co_teacher=True), heads),
    "hand_lead": (to_target(), heads),
    "remove": (lambda scene: {"participant": scene.other.id}, teachers),
    "send_back": (to_target(), teachers),
    "join": (just(), entry),
    "leave": (just(), everyone),
    "end_class": (just(), heads),
}
LAST = ("leave", "end_class")  # nothing is asked of somebody who has left, so `leave` is followed by `join`
MESSAGES = [
    get_args(each.model_fields["type"].annotation)[0] for each in get_args(get_args(schema.ClientMessage)[0])
]
OFF = (None, *RULES, SCHOOL, NO_CAPTIONS)
CASES = [Case(role, locked, off) for role in ROLES for locked in (False, True) for off in OFF]


def type_of(message: str) -> str:
    return message.partition(",")[0]


def test_every_message_is_declared():
    assert {type_of(each) for each in TABLE} == set(MESSAGES)


@dataclass
class Scene:
    """`asking` is the one whose messages are tried; `target` and `other` are students, `teacher` is somebody
    else who leads. `knocker` waits.
    `own` and `others`: the numbers of what `asking` and `other` have written to everyone;
    `poll`: of one that runs."""

    case: Case
    asking: Page
    target: Page
    other: Page
    teacher: str
    banished: str
    own: int
    others: int
    knocker: str
    poll: int


@pytest.fixture(autouse=True)
def media(monkeypatch):
    """Nothing is recorded for real."""

    async def ask(room, slug, plan):
        return egress.Told([], [])

    monkeypatch.setattr(egress, "ask", ask)


@pytest.fixture
def make_cast(person, tenant, course, outsider, teacher, student, invited, make_link, live):
    waiting = Guest(None, Client(), invited.now)
    waiting.come(make_link(live), "Wanda Waiting")

    def make(name: str):
        somebody = person(tenant, Role.STUDENT, name)
        with tenant_scope(tenant):
            Enrolment.objects.create(tenant=tenant, course=course, membership=somebody.member)
        return somebody

    return {
        "teacher": teacher,
        "student": student,
        "guest": invited,
        "waiting": waiting,
        "outsider": outsider,
        **{role: person(tenant, role, f"{role}_of_all") for role in RUNNING},
        **{name: make(name) for name in ("co_teacher", "removed", "barred", "target", "other", "banished")},
    }


async def knocks(make_cast, page, live: ClassSession, role: str) -> Page:
    opened = await page(make_cast[role], live)
    assert (await opened.join())["type"] == "waiting"
    return opened


async def scene_of(case: Case, make_cast, inside, page, live: ClassSession) -> Scene:
    leading = await inside(make_cast["teacher"], live)
    pages = {"teacher": leading, "guest": await knocks(make_cast, page, live, "guest")}
    await leading.send("let_in")
    await leading.up_to_date()
    assert (await pages["guest"].join())["type"] == "joined"
    pages["waiting"] = await knocks(make_cast, page, live, "waiting")
    running = [case.role] if case.role in RUNNING else []
    for name in ("co_teacher", "student", "target", "other", "removed", "barred", "banished", *running):
        pages[name] = await inside(make_cast[name], live)
    await leading.send("appoint", participant=pages["co_teacher"].id, co_teacher=True)
    own = await written_by(pages[case.role]) if case.role in (*INSIDE, *RUNNING) else 0
    others = await written_by(pages["other"])
    await leading.send("ask_poll", key="q", question="Why?", choices=["a", "b"])
    poll = (await leading.get("poll_started"))["seq"]
    for name in ("removed", "barred", "banished"):
        await leading.send("remove", participant=pages[name].id, bar=name != "removed")
        await pages[name].get("close")
    await leading.send("set_rules", locked=case.locked, **({case.off: False} if case.off in RULES else {}))
    await rows(live, lambda: forbid_at_school(live, case))
    await leading.up_to_date()
    if case.role not in pages or case.role in ("removed", "barred"):
        pages[case.role] = await page(make_cast[case.role], live)
    asking = pages[case.role]
    await asking.up_to_date()
    teacher = pages["co_teacher" if asking is leading else "teacher"].id
    banished = pages["banished"].id
    knocker = await rows(live, lambda: Participant.objects.exclude(waits_since=None).get().public_id)
    return Scene(case, asking, pages["target"], pages["other"], teacher, banished, own, others, knocker, poll)


async def written_by(page: Page) -> int:
    """The number of a message that this page has written to everyone."""
    await page.send("say", key="before", text="hello")
    while (said := await page.get("said"))["message"]["participant"] != page.id:
        pass
    return said["seq"]


def forbid_at_school(live: ClassSession, case: Case) -> None:
    allowed = {"private_chat": case.off != SCHOOL, "captions": case.off != NO_CAPTIONS}
    type(live.tenant).objects.filter(pk=live.tenant_id).update(**allowed)


def expected(case: Case, message: str) -> str:
    """Whoever is not inside can do nothing but ask to come in, and leave, which changes nothing."""
    answer = TABLE[message][1]
    if case.role in INSIDE or message in ("join", "ping", "leave"):
        return answer(case)
    return "not_here"


async def answer_to(scene: Scene, message: str) -> str:
    """DONE, or the code of the refusal."""
    type = type_of(message)
    await scene.asking.send(type, **TABLE[message][0](scene))
    if type == "ping":
        await scene.asking.get("pong")
    told = await scene.asking.up_to_date()
    refused = [each["code"] for each in told if each["type"] == "refused" and each["re"] == type]
    if type == "join" and any(each["type"] == "waiting" for each in told):
        return "waiting"
    return refused[0] if refused else DONE


async def put_back(scene: Scene, live: ClassSession, message: str, clock) -> None:
    """What a message has changed, where the next ones need it as it was."""
    clock.pass_by(seconds=1)  # no message is too fast

    def reset() -> None:
        Participant.objects.filter(public_id=scene.target.id).update(co_teacher=False, role="student")
        Participant.objects.filter(public_id=scene.banished).update(barred=True)

    if message in ("appoint", "hand_lead", "admit"):
        await rows(live, reset)


@pytest.mark.parametrize("case", [each for each in CASES if each.role != "outsider"], ids=str)
async def test_the_table_holds(case, make_cast, inside, page, live, clock):
    scene = await scene_of(case, make_cast, inside, page, live)
    found, wanted = {}, {}
    order = [each for each in TABLE if each not in (*LAST, "join")] + ["join", *LAST]
    if case.role not in INSIDE:
        order = [each for each in order if each not in ("join", "leave")] + ["leave", "join"]
    for message in order:
        if message == "end_class" and case.role in INSIDE:
            assert (await scene.asking.join())["type"] == "joined", "back after `leave`"
        wanted[message] = expected(case, message)
        found[message] = await answer_to(scene, message)
        await put_back(scene, live, message, clock)
    assert found == wanted


@pytest.mark.parametrize("role", RUNNING)
async def test_who_runs_the_school_may_what_its_teacher_may(role, make_cast, inside, page, live, clock):
    scene = await scene_of(Case(role, False, None), make_cast, inside, page, live)
    as_teacher, found = Case("teacher", False, None), {}
    order = [each for each in TABLE if each not in (*LAST, "join")] + ["end_class"]
    for message in order:
        found[message] = await answer_to(scene, message)
        await put_back(scene, live, message, clock)
    assert found == {message: expected(as_teacher, message) for message in order}


@pytest.fixture
def elsewhere(person, other_tenant, tenant):
    """Who is somebody, not here: the other school's owner, an operator, and somebody who is not signed in."""
    operator = person(tenant, Role.STUDENT, "Olga Operator", signed_in=False)
    account = User.objects.create_superuser("operator@aula.test", "correct horse", name="Op")
    operator.browser.force_login(account)
    return {
        "other owner": person(other_tenant, Role.OWNER, "Oda Otherowner"),
        "operator": operator,
        "stranger": person(tenant, Role.STUDENT, "Stan Stranger", signed_in=False),
    }


@pytest.mark.parametrize("role", ["other owner", "operator", "stranger"])
async def test_who_is_nobody_at_the_school_is_told_nothing(role, live, elsewhere, clock):
    """With the cookie they have, brought to the school's host."""
    headers = {"host": "demo.localhost", "origin": "http://demo.localhost"}
    opened = Page(wire(elsewhere[role], f"/ws/sessions/{live.public_id}/", clock, **headers))
    assert (await opened.open())[0], "whoever is not signed in is told so"
    assert await opened.next() == {"type": "close", "code": SIGNED_OUT}


@pytest.mark.parametrize("case", [each for each in CASES if each.role == "outsider"], ids=str)
async def test_an_outsider_finds_no_class(case, make_cast, inside, page, live, outsider):
    await inside(make_cast["teacher"], live)

    def bend() -> None:
        forbidden = {FIELDS[case.off]: False} if case.off in FIELDS else {}
        ClassSession.objects.update(locked=case.locked, **forbidden)
        forbid_at_school(live, case)

    await rows(live, bend)
    with pytest.raises(AssertionError, match="handshake was refused"):
        await page(outsider, live)


SENT = {"mic": {"microphone"}, "camera": {"camera"}, "screen": {"screen_share", "screen_share_audio"}}


@pytest.mark.parametrize("off", [None, *RULES])
@pytest.mark.parametrize("role", INSIDE)
async def test_a_token_grants_what_the_rules_allow(role, off, make_cast, inside, page, live, settings):
    scene = await scene_of(Case(role, False, off), make_cast, inside, page, live)
    joined = await scene.asking.join()
    claims = jwt.decode(joined["media"]["token"], options={"verify_signature": False})
    everything = set().union(*SENT.values())
    forbidden = set() if role in LEADING else SENT.get(off or "", set()) | SENT["screen"]
    assert set(claims["video"]["canPublishSources"]) == everything - forbidden
    assert claims["video"]["canPublish"]
