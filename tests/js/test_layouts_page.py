"""Who is large and who is small: layouts, pins, pages, the corner of one's own picture."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
LARGEST = """() => [...document.querySelectorAll('.tile')].sort((a, b) => b.clientWidth * b.clientHeight
  - a.clientWidth * a.clientHeight)[0].getAttribute('aria-label').split(',')[0]"""


def arrange(page: Page, name: str) -> None:
    button(page, "Layout").click()
    page.get_by_role("menuitemradio", name=name).click()


def until_largest(page: Page, name: str) -> None:
    for _ in range(50):
        if page.evaluate(LARGEST) == name:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.evaluate(LARGEST)} is the largest, not {name}")


def test_the_speaker_has_the_stage_and_gives_it_on(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "speaking": [1]}))
    arrange(page, "Speaker large")
    until_largest(page, "Ash")
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(4)] })")
    until_largest(page, "Elm")
    arrange(page, "Grid")
    expect(page.locator(".tile")).to_have_count(6)
    page.wait_for_timeout(400)  # they glide
    widths = page.locator(".tile").evaluate_all("all => all.map(each => each.clientWidth)")
    assert len(set(widths)) == 1


def test_a_pin_is_set_and_taken_away_by_keys(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "speaking": [1]}))
    button(page, "View of Birch").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Pin to the stage")).to_be_focused()
    page.keyboard.press("Enter")
    until_largest(page, "Birch")
    assert not faults(page, "pinned")
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(4)] })")
    until_largest(page, "Birch")
    button(page, "Layout").press("Enter")
    page.get_by_role("menuitem", name="Unpin").press("Enter")
    expect(page.locator(".tile__pin")).to_have_count(0)


def test_a_pinned_person_is_large_and_the_shared_screen_goes_beside_them(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "share": 0}))
    button(page, "View of Birch").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    until_largest(page, "Birch")
    expect(page.locator("[data-kind=screen]")).to_have_count(1)


def test_who_speaks_on_a_later_page_comes_to_the_first(drawn):  # noqa: F811
    page = enter(drawn({"people": 20, "speaking": []}))
    expect(page.get_by_text("1/2")).to_be_visible()
    expect(page.get_by_role("group", name="Linden")).to_have_count(0)
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(18)] })")
    expect(page.get_by_role("group", name="Linden")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(16)


PLACES = """new Map([...document.querySelectorAll('.tile[data-kind=camera]')].map(({dataset, style}) =>
  [dataset.participant, `${style.insetInlineStart} ${style.top} ${style.width} ${style.height}`]))"""
MOVES = f"""async (ids) => {{
  const places = () => {PLACES};
  const at = new Date().toISOString();
  const leave = (participant) => harness.hear(
    {{ type: 'participant_left', seq: 41, at, participant, why: 'left', by: null, barred: false }});
  const rest = (ms) => new Promise(done => setTimeout(done, ms));
  const before = places();
  const stay = [...before.keys()].filter(id => !ids.includes(id));
  const where = () => stay.map(id => places().get(id)).join();
  const seen = [where()];
  const watch = new MutationObserver(() => seen.at(-1) !== where() && seen.push(where()));
  const floor = document.querySelector('.stage__floor');
  watch.observe(floor, {{ subtree: true, childList: true, attributes: true }});
  for (const id of ids) {{
    leave(id);
    await rest(300);
  }}
  const still = seen.length === 1;
  for (let n = 0; n < 100 && seen.length === 1; n++) await rest(50);
  await rest(300);
  return {{ still, moves: seen.length - 1 }};
}}"""


def identity(number: int) -> str:
    return f"{number:032}"


def places(page: Page) -> dict[str, str]:
    """Where each tile is to be, by participant; it may still glide there."""
    return page.evaluate(f"Object.fromEntries({PLACES})")


@pytest.mark.parametrize(
    ("people", "layout", "gone"), [(9, "Grid", [3]), (12, "Grid", [2, 5]), (30, "Automatic", [1, 2])]
)
def test_who_leaves_keeps_their_seat_for_a_moment_and_gaps_of_several_close_together(
    drawn,  # noqa: F811
    people,
    layout,
    gone,
):
    page = enter(drawn({"people": people, "speaking": []}))
    arrange(page, layout)
    moves = page.evaluate(MOVES, [identity(each) for each in gone])
    assert moves == {"still": True, "moves": 1}
    assert not set(places(page)) & {identity(each) for each in gone}


@pytest.mark.parametrize("people", [20, 30])
def test_who_comes_moves_nobody_where_all_seats_in_sight_are_taken(drawn, people):  # noqa: F811
    page = enter(drawn({"people": people, "speaking": []}))
    before = places(page)
    come = {"name": "Sorrel", "role": "student", "co_teacher": False, "may_speak": False, "hue": 3}
    participant = {"id": identity(people), **come, "hand": None, "joined_at": "2026-11-22T10:20:00Z"}
    hear(page, {"type": "participant_joined", "seq": 41, "participant": participant})
    expect(button(page, f"People, {people + 1}")).to_be_visible()
    assert places(page) == before


NAMED = "all => all.map(each => each.dataset.participant)"


@pytest.mark.parametrize(("size", "pages"), [("1280", 2), ("360", 4)])
def test_the_pages_of_a_grid_show_everybody_once_and_are_turned_by_keys_and_clicks(
    drawn,  # noqa: F811
    size,
    pages,
):
    page = enter(drawn({"people": 20, "speaking": []}, size))
    tiles = page.locator(".tile[data-kind=camera]")
    earlier, later = button(page, "Earlier people"), button(page, "Later people")
    expect(earlier).to_have_attribute("aria-disabled", "true")
    later.focus()
    seen = []
    for number in range(1, pages + 1):
        expect(page.get_by_role("group", name=f"Page {number} of {pages}")).to_be_visible()
        seen += tiles.evaluate_all(NAMED)
        page.keyboard.press("Enter")  # does nothing on the last one
    assert sorted(seen) == [identity(each) for each in range(20)]
    expect(later).to_have_attribute("aria-disabled", "true")
    assert not faults(page, f"last page of a grid {size}")
    page.reload()
    expect(enter(page).get_by_role("group", name=f"Page {pages} of {pages}")).to_be_visible()
    earlier.click()
    expect(page.get_by_role("group", name=f"Page {pages - 1} of {pages}")).to_be_visible()


def test_ones_own_picture_moves_to_another_corner(drawn):  # noqa: F811
    page = enter(drawn({"people": 2}))
    button(page, "View of Maple").click()
    page.get_by_role("menuitemradio", name="At the top left").click()
    assert corner_of_own(page) == ("top", "left")


def corner_of_own(page: Page) -> tuple[str, str]:
    """Where one's own picture has come to rest."""
    page.wait_for_timeout(400)  # it glides
    own = page.get_by_role("group", name="Maple (you)").bounding_box()
    stage = page.get_by_role("main", name="Stage").bounding_box()
    top, left = own["y"] - stage["y"], own["x"] - stage["x"]
    bottom, right = (stage["height"] - top - own["height"], stage["width"] - left - own["width"])
    assert min(top, bottom) < 40, "at an edge"
    assert min(left, right) < 40, "at an edge"
    return ("top" if top < bottom else "bottom", "left" if left < right else "right")


def drag_own(page: Page, down: float, across: float) -> None:
    """By its name, which is a button, to a place on the stage, in parts of its height and width."""
    name, stage = button(page, "View of Maple").bounding_box(), page.locator(".stage").bounding_box()
    page.mouse.move(name["x"] + 10, name["y"] + 10)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * across, stage["y"] + stage["height"] * down, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_ones_own_picture_is_dragged_to_the_nearest_corner(drawn, direction):  # noqa: F811
    page = enter(drawn({"people": 2}))
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    for down, across, corner in (
        (0.3, 0.2, ("top", "left")),
        (0.7, 0.3, ("bottom", "left")),
        (0.4, 0.9, ("top", "right")),
    ):
        drag_own(page, down, across)
        assert corner_of_own(page) == corner
        expect(page.get_by_role("menu")).to_have_count(0)
    page.reload()
    assert corner_of_own(enter(page)) == ("top", "right" if direction == "ltr" else "left"), "remembered"
    button(page, "View of Maple").click()
    expect(page.get_by_role("menu")).to_be_visible()


def test_two_people_have_no_layout_to_choose(drawn):  # noqa: F811
    page = enter(drawn({"people": 2}))
    button(page, "Layout").click()
    expect(page.get_by_role("menuitemcheckbox", name="Open it when I look elsewhere")).to_be_visible()
    expect(page.get_by_role("menuitemradio")).to_have_count(0)


def test_a_phone_has_the_layouts_in_more(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "speaking": [1]}, "390"))
    expect(button(page, "Layout")).to_have_count(0)
    button(page, "More").click()
    page.get_by_role("menuitemradio", name="Speaker large").click()
    until_largest(page, "Ash")
