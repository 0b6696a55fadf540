import { Captions } from "/static/js/captions/captions.js";
import { recallCaptions, rememberCaptions, spoken } from "/static/js/captions/choices.js";
import { MOST, Recogniser } from "/static/js/media/recogniser.js";
import { areShown, asksToCaption, captioningOf, captionsShown, UNCHOSEN } from "/static/js/state/captions.js";
import { initial, reduce } from "/static/js/state/state.js";
import { equal, test } from "./check.js";

const AT = "2026-11-22T10:00:00Z";
const PAGE = { session: { id: "0", title: "t", course: "c", startsAt: AT, endsAt: AT, state: "live" }, you: { name: "Me", role: "student", hue: 1 } };
const RULES = { mic: true, camera: true, screen: true, chat: true, private_chat: true, locked: false, waiting_room: true, captions: true };
const person = (id, more = {}) => ({ id, name: id.toUpperCase(), role: "student", co_teacher: false, may_speak: false, hue: 1, hand: null, joined_at: AT, ...more });
const joined = (more = {}) => ({ type: "joined", now: AT, seq: 9, you: "me", started_at: AT, participants: ["me", "a", "b", "c"].map((id) => person(id)), messages: [], materials: [], media: {}, direct_calls: true, rules: RULES, captions: { allowed: true, wanted: false }, ...more });
const start = (chosen = {}) => initial(PAGE, { mic: true, camera: false, devices: {} }, {}, { ...UNCHOSEN, ...chosen });
const after = (state, ...events) => events.reduce((now, event) => reduce(now, event, event.now_ ?? 0), state);
const reading = (...events) => after(start({ on: true }), joined(), ...events);
const said = (by, line, text, final = false, at = 0) => ({ type: "subtitle", by, line, text, final, language: "en", now_: at });
const texts = (state, most) => captionsShown(state, most).map(({ name, text }) => `${name}: ${text}`);
const WANTED = { type: "captions_changed", captions: { allowed: true, wanted: true } };
const OPEN_MIC = { type: "device", device: "mic", state: "on" };

test("what is not final is replaced, what is final stays, and the next line follows it", () => {
  const state = reading(said("a", 0, "good"), said("a", 0, "good mor"), said("a", 0, "Good morning.", true), said("a", 1, "today"));
  equal(texts(state), ["A: Good morning. today"]);
});

test("what comes late changes nothing", () => equal(texts(reading(said("a", 0, "Good morning.", true), said("a", 0, "good"))), ["A: Good morning."]));

test("two who spoke last are shown, in the order in which they began", () => {
  const state = reading(said("a", 0, "one", true, 1), said("b", 0, "two", true, 2), said("c", 0, "three", true, 3), said("a", 1, "four", false, 4));
  equal(texts(state), ["A: one four", "C: three"]);
  equal(texts(state, 1), ["A: one four"]);
});

test("silence takes them away, and who left", () => {
  const state = reading(said("a", 0, "one", true, 1), said("b", 0, "two", true, 2));
  equal(texts(after(state, { type: "captions_over", before: 1 })), ["B: two"]);
  equal(texts(after(state, { type: "participant_left", seq: 10, at: AT, participant: "b" })), ["A: one"]);
});

test("where nothing goes, nothing changes", () => {
  const state = reading(said("a", 0, "one", true, 5));
  equal(after(state, { type: "captions_over", before: 1 }) === state, true);
});

test("who begins to count anew is read: after a reload, and from another tab", () => {
  const state = reading(said("a", 7, "one", true));
  const back = [{ type: "participant_left", seq: 10, at: AT, participant: "a", why: "lost" }, { type: "participant_joined", seq: 11, at: AT, participant: person("a") }];
  equal(texts(after(state, ...back)), []);
  equal(texts(after(state, ...back, said("a", 0, "two"))), ["A: two"]);
  equal(texts(after(state, { type: "captioning_now", by: "a", state: "on" }, said("a", 0, "two"))), ["A: one two"]);
});

test("what somebody said stands until the silence is over, though they are muted", () => {
  equal(texts(reading(said("a", 0, "one", true), { type: "captioning_now", by: "a", state: "off" })), ["A: one"]);
});

test("words are marked with their language", () => {
  const state = reading({ ...said("a", 0, "guten Morgen"), language: "de-DE" });
  equal(captionsShown(state).map(({ language }) => language), ["de-DE"]);
});

test("of a long speech the end is kept, from the beginning of a word", () => {
  const { lines } = reading(said("a", 0, "word ".repeat(90).trim(), true), said("a", 1, "end", true)).captions;
  equal([lines[0].said.length <= 300, lines[0].said.startsWith("word "), lines[0].said.endsWith("word end")], [true, true, true]);
});

test("whoever does not read is shown nothing, and what was said before is not shown later", () => {
  const state = after(start(), joined(), said("a", 0, "one"), { type: "captions_chosen", chosen: { on: true } });
  equal([areShown(state), texts(state)], [true, []]);
});

test("the school and the teacher take them away", () => {
  const state = reading(said("a", 0, "one"));
  equal(areShown(after(state, { type: "captions_changed", captions: { allowed: false, wanted: true } })), false);
  equal(areShown(after(state, { type: "rules_changed", seq: 10, at: AT, by: "t", rules: { ...RULES, captions: false } })), false);
});

test("whoever speaks without captions is named with the reason, as long as they speak", () => {
  const state = reading({ type: "captioning_now", by: "a", state: "unable" }, { type: "captioning_now", by: "b", state: "declined" }, { type: "speaking", ids: ["a"] });
  equal(captionsShown(state), [{ by: "a", name: "A", text: "", language: "", cannot: "unable" }]);
  equal(captionsShown(after(state, { type: "speaking", ids: [] })), []);
  equal(captionsShown(after(state, { type: "captioning_now", by: "a", state: "on" })), []);
});

test("of two who are connected directly nobody else says who speaks", () => {
  const state = reading({ type: "captioning_now", by: "a", state: "unable" }, { type: "direct", direct: { peer: "a", flows: true, relayed: false, live: [], media: {} }, failed: false });
  equal(captionsShown(state).map(({ by, cannot }) => [by, cannot]), [["a", "unable"]]);
});

test("what becomes of one's own words", () => {
  const speaking = (chosen, makes, ...events) => captioningOf(after(start(chosen), joined(), { type: "captioner", makes }, OPEN_MIC, ...events));
  const muted = { type: "want", device: "mic", on: false };
  const rules = (more) => ({ type: "rules_changed", seq: 10, at: AT, by: "t", rules: { ...RULES, ...more } });
  const table = [
    [{}, "away", [], "off"],
    [{ agreed: true }, "away", [], "off"],
    [{ agreed: true }, "away", [WANTED], "on"],
    [{ agreed: true }, "here", [WANTED], "on"],
    [{}, "away", [WANTED], "declined"],
    [{ agreed: false }, "away", [WANTED], "declined"],
    [{ agreed: true }, "none", [WANTED], "unable"],
    [{ agreed: true }, "failed", [WANTED], "unable"],
    [{ agreed: true }, "away", [WANTED, muted], "off"],
    [{ agreed: true }, "away", [WANTED, rules({ mic: false })], "off"],
    [{ agreed: true }, "away", [WANTED, rules({ captions: false })], "off"],
    [{ agreed: true }, "away", [WANTED, { type: "left" }], "off"],
  ];
  equal(table.map(([chosen, makes, events]) => speaking(chosen, makes, ...events)), table.map((row) => row[3]));
});

test("one is asked once, and only when somebody reads", () => {
  const asks = (chosen, ...events) => asksToCaption(after(start(chosen), joined(), { type: "captioner", makes: "away" }, OPEN_MIC, ...events));
  equal([asks({}), asks({}, WANTED), asks({ agreed: false }, WANTED), asks({ agreed: true }, WANTED)], [false, true, false, false]);
});

test("choices are remembered, and nonsense is not", () => {
  const kept = {};
  const storage = { getItem: () => kept.text ?? null, setItem: (_, text) => (kept.text = text) };
  equal(recallCaptions(storage), UNCHOSEN);
  rememberCaptions(storage, { on: true, size: "large", agreed: false, language: "de-DE", lines: ["secret"] });
  equal(recallCaptions(storage), { on: true, size: "large", agreed: false, language: "de-DE" });
  equal(kept.text.includes("secret"), false);
  kept.text = '{"on": 1, "size": "huge", "agreed": "yes", "language": "<b>"}';
  equal(recallCaptions(storage), UNCHOSEN);
});

test("the page's language becomes the variety that the browser prefers", () => {
  equal([spoken("en", ["de-DE", "en-US"]), spoken("en", []), spoken("de", ["en-US"]), spoken("eo", [])], ["en-US", "en-GB", "de-DE", "eo"]);
});

/** A double of the browser's speech recognition: the test says what it hears. */
function browser({ available = "unavailable" } = {}) {
  const timers = [];
  const made = [];
  class Kind {
    static available = async () => available;
    constructor() {
      made.push(this);
    }
    start(track) {
      this.started = true;
      this.track = track;
    }
    abort() {
      this.aborted = true;
    }
    /** @param {[string, boolean][]} results */
    hears(...results) {
      this.onresult({ resultIndex: this.done ?? 0, results: results.map(([transcript, isFinal]) => Object.assign([{ transcript }], { isFinal })) });
      const open = results.findIndex(([, final]) => !final);
      this.done = open < 0 ? results.length : open;
    }
  }
  const parts = { kind: () => Kind, after: (_, then) => (timers.push(then), timers.length), cancel: (n) => n && (timers[n - 1] = null) };
  const elapse = () => [...timers].forEach((then, index) => {
    timers[index] = null;
    then?.();
  });
  return { parts, made, elapse, settle: () => new Promise((done) => setTimeout(done, 0)) };
}

async function listening(options) {
  const heard = [];
  const makes = [];
  const double = browser(options);
  const recogniser = new Recogniser({ said: (line) => heard.push(line), makes: (now) => makes.push(now) }, double.parts);
  recogniser.listen("en-GB", { readyState: "live" });
  await double.settle();
  return { ...double, recogniser, heard, makes, short: () => heard.map(({ line, text, final }) => [line, text, final]) };
}

test("the microphone in use is recognised, in one's language, without end", async () => {
  const { made } = await listening();
  equal([made[0].lang, made[0].continuous, made[0].interimResults, made[0].started, made[0].track.readyState, made[0].processLocally], ["en-GB", true, true, true, "live", undefined]);
});

test("on the device where the browser can", async () => {
  const { made, makes } = await listening({ available: "available" });
  equal([made[0].processLocally, makes], [true, ["here"]]);
});

test("unfinished lines are told now and then, finished ones at once", async () => {
  const { made, elapse, short } = await listening();
  made[0].hears(["good", false]);
  made[0].hears(["good mor", false]);
  equal(short(), []);
  elapse();
  made[0].hears(["Good morning", true], ["to", false]);
  equal(short(), [[0, "good mor", false], [0, "Good morning", true]]);
  elapse();
  equal(short().at(-1), [1, "to", false]);
});

test("it begins again when the browser stops, and what was unfinished is finished", async () => {
  const { made, elapse, settle, short } = await listening();
  made[0].hears(["half", false]);
  made[0].onend();
  equal(short(), [[0, "half", true]]);
  elapse();
  await settle();
  made[1].hears(["more", true]);
  equal(short().at(-1), [1, "more", true]);
});

test("muted, nothing more is heard", async () => {
  const { made, recogniser, elapse, settle, heard } = await listening();
  recogniser.stop();
  made[0].onend();
  made[0].hears(["secret", true]);
  elapse();
  await settle();
  equal([made.length, made[0].aborted, heard], [1, true, []]);
});

test("a browser that refuses, or never brings anything, is given up", async () => {
  const refused = await listening();
  refused.made[0].onerror({ error: "not-allowed" });
  equal(refused.makes.at(-1), "failed");
  const dumb = await listening();
  for (let n = 0; n < 6; n++) {
    dumb.made.at(-1).onend();
    dumb.elapse();
    await dumb.settle();
  }
  equal([dumb.makes.at(-1), dumb.made.length], ["failed", 6]);
});

test("a silence is no failure of the browser", async () => {
  const { made, makes } = await listening();
  made[0].onerror({ error: "no-speech" });
  equal(makes.at(-1), "away");
});

test("a line is no longer than the server takes", async () => {
  const { made, heard } = await listening();
  made[0].hears(["x".repeat(MOST + 9), true]);
  equal(heard[0].text.length, MOST);
});

/** The page's captions over a recogniser that only notes what it is asked. */
function desk(chosen, makes = "away") {
  const sent = [];
  const asked = [];
  const kept = [];
  let state = start(chosen);
  let page = null;
  const tell = (event) => {
    state = after(state, event);
    page?.look();
  };
  const recogniser = { Kind: makes === "none" ? null : class {}, makes, find: async () => false, listen: (language) => asked.push(language), stop: () => asked.push(null) };
  page = new Captions({ state: () => state, tell, send: (message) => sent.push(message), track: () => undefined, keep: ({ on, agreed }) => kept.push({ on, agreed }), language: "de", recogniser });
  page.begin();
  return { sent, asked, kept, tell, page, get state() { return state; } };
}

function enter(page, message = joined()) {
  page.tell(message);
  page.tell(OPEN_MIC);
  page.page.heard(message);
}

test("whoever reads asks the class again each time they come in", () => {
  const page = desk({ on: true });
  enter(page);
  enter(page, { type: "resumed", now: AT, seq: 9, you: "me", started_at: AT, direct_calls: true, polls: [], captions: { allowed: true, wanted: false } });
  equal(page.sent, [{ type: "want_captions", wanted: true }, { type: "want_captions", wanted: true }]);
});

test("nothing is recognised before somebody reads and this person has agreed", () => {
  const page = desk({});
  enter(page);
  page.tell(WANTED);
  equal([page.asked.filter(Boolean), page.sent], [[], [{ type: "captioning", state: "declined" }]]);
  page.page.choose({ agreed: true });
  equal([page.asked.at(-1), page.sent.at(-1), page.kept], ["de-DE", { type: "captioning", state: "on" }, [{ on: false, agreed: true }]]);
  page.tell({ type: "want", device: "mic", on: false });
  equal([page.asked.at(-1), page.sent.at(-1)], [null, { type: "captioning", state: "off" }]);
});

test("turned off by the teacher, they cannot be turned on, and it is said why", () => {
  const page = desk({});
  enter(page, joined({ rules: { ...RULES, captions: false } }));
  page.page.choose({ on: true });
  equal([page.state.captions.on, page.state.notice.what, page.sent], [false, { kind: "no_captions", why: "class" }, []]);
});
