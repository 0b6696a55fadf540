import { Screen } from "/static/js/media/screen.js";
import { mainScreen, pinnedScreen, presenter, screenPin } from "/static/js/state/screens.js";
import { reduce } from "/static/js/state/state.js";
import { equal, test } from "./check.js";

const person = (id, role) => ({ id, role, name: id });
const state = (screens, more = {}) => ({
  people: Object.fromEntries([person("tom", "teacher"), person("ida", "teacher"), person("kim", "student"), person("ben", "student"), person("gwen", "guest")].map((each) => [each.id, each])),
  you: { id: "ben", role: "student" },
  screens,
  tracks: Object.fromEntries(screens.map((id) => [id, { screen: { sid: id, muted: false, media: null } }])),
  pinned: null,
  ...more,
});

for (const [screens, pinned, main] of [
  [[], null, null],
  [["kim"], null, "kim"],
  [["tom", "kim"], null, "tom"],
  [["tom", "ida", "kim"], null, "ida"],
  [["ida", "tom"], null, "tom"],
  [["tom", "ida", "kim"], "kim", "kim"],
  [["tom", "ida"], "kim", "ida"],
])
  test(`of ${screens.join(", ") || "no screens"}, ${pinned ?? "none"} pinned, ${main ?? "none"} is large`, () =>
    equal(mainScreen(state(screens, { pinned: pinned && screenPin(pinned) })), main));

test("a pinned person is no pinned screen", () => {
  equal([pinnedScreen(state(["tom"], { pinned: "tom" })), pinnedScreen(state(["tom"], { pinned: screenPin("tom") }))], [null, "tom"]);
});

test("a student waits for another student, or a guest, who shares; a teacher for nobody", () => {
  const name = (...all) => presenter(state(...all), 0)?.name ?? null;
  equal([name(["tom"]), name(["tom", "kim"]), name(["gwen"]), name(["ben"])], [null, "kim", "gwen", null]);
  equal(name(["kim"], { you: { id: "tom", role: "teacher" } }), null);
});

test("who lost the line keeps the screen for 45 seconds, unless it is taken from them", () => {
  const gone = (id, why = "lost") => ({ type: "participant_left", participant: id, why, at: "2026-11-22T10:20:00Z", by: null, barred: false });
  const after = (from, ...events) => events.reduce((now, event) => reduce(now, event, 1000), from);
  const waits = (now, at = 2000) => { const other = presenter(now, at); return other && [other.name, other.lost]; };
  const whole = (screens, more) => ({ ...state(screens, more), rules: {}, cut: {}, messages: [], captions: { lines: [] }, arrivals: 9, presenterGone: null, leadGone: null, notice: null, lead: null });
  const lost = after(whole(["kim"]), gone("kim"));
  equal([waits(whole(["kim"])), waits(lost), waits(lost, 46_001)], [["kim", false], ["kim", true], null]);
  equal([waits(after(whole(["kim"]), gone("kim", "left"))), waits(after(whole(["tom"]), gone("tom"))), waits(after(whole([]), gone("kim")))], [null, null, null]);
  const kim = { ...person("kim", "student"), hand: null };
  const stop = (participant, what = "screen") => ({ type: "stopped", what, participant, by: "tom" });
  equal([waits(after(lost, { type: "participant_joined", participant: kim }, gone("kim", "left"))), waits(after(lost, stop(null))), waits(after(lost, stop("gwen"))), waits(after(lost, stop(null, "mic")))], [null, null, ["kim", true], ["kim", true]]);
  equal(waits(after(lost, { type: "rules_changed", rules: { screen: false }, by: "tom" }, { type: "rules_changed", rules: { screen: true }, by: "tom" })), null);
  equal(waits({ ...lost, you: { id: "tom", role: "teacher" } }), null);
});

/** A page that asks for the screen: what it sent. */
function page({ need = true, connected = true } = {}) {
  const sent = [];
  const line = { connected };
  const screen = new Screen({ send: (message) => line.connected && Boolean(sent.push(message)), need: () => need });
  return { sent, screen, line };
}

const answer = (on) => ({ type: "screen_granted", on, media: {} });

test("a teacher asks nobody and gives nothing back", async () => {
  const { sent, screen } = page({ need: false });
  equal(await screen.ask(), true);
  screen.giveBack();
  equal(sent, []);
});

test("a student gets the screen, and gives it back once", async () => {
  const { sent, screen } = page();
  const asked = screen.ask();
  screen.heard({ type: "screen_granted", on: true, media: {} });
  equal(await asked, true);
  screen.giveBack();
  screen.giveBack();
  equal(sent.map(({ on }) => on), [true, false]);
});

test("a screen given back on a dead line is given back again until that is answered", async () => {
  const { sent, screen, line } = page();
  const asked = screen.ask();
  screen.heard(answer(true));
  await asked;
  screen.giveBack();
  screen.heard({ type: "resumed" });
  line.connected = false;
  screen.heard({ type: "socket_lost" });
  line.connected = true;
  screen.heard({ type: "resumed" });
  screen.heard(answer(false));
  screen.heard({ type: "resumed" });
  equal(sent.map(({ on }) => on), [true, false, false, false]);
});

test("a screen given back without a line is given back once there is one, unless it is asked for again", async () => {
  for (const [again, expected] of [[false, [true, false]], [true, [true, true]]]) {
    const { sent, screen, line } = page();
    const asked = screen.ask();
    screen.heard(answer(true));
    await asked;
    line.connected = false;
    screen.giveBack();
    line.connected = true;
    if (again) void screen.ask().catch(() => {});
    screen.heard({ type: "resumed" });
    if (again) screen.heard(answer(true));
    equal(sent.map(({ on }) => on), expected);
  }
});

test("a refusal is an answer, and nothing is to be given back", async () => {
  const { sent, screen } = page();
  const asked = screen.ask();
  screen.heard({ type: "refused", re: "say", code: "chat_off" });
  screen.heard({ type: "refused", re: "share_screen", code: "screen_taken" });
  equal(await asked, false);
  screen.giveBack();
  equal(sent.length, 1);
});

test("without a connection nobody is asked", async () => {
  equal(await page({ connected: false }).screen.ask().catch((error) => error.message), "no connection");
});
