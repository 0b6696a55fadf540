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
const start = (chosen = {}) => ({ ...initial(PAGE, { mic: true, camera: false, devices: {} }, {}, { ...UNCHOSEN, ...chosen }), socket: "open" });
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
  const failed = { type: "captioner_failed", failed: true };
  const muted = { type: "want", device: "mic", on: false };
  const rules = (more) => ({ type: "rules_changed", seq: 10, at: AT, by: "t", rules: { ...RULES, ...more } });
  const table = [
    [{}, "away", [], "off"],
    [{ agreed: "away" }, "away", [], "off"],
    [{ agreed: "away" }, "away", [WANTED], "on"],
    [{ agreed: "away" }, "here", [WANTED], "on"],
    [{ agreed: "here" }, "here", [WANTED], "on"],
    [{ agreed: "here" }, "away", [WANTED], "declined"],
    [{}, "away", [WANTED], "declined"],
    [{ agreed: false }, "away", [WANTED], "declined"],
    [{ agreed: "away" }, "none", [WANTED], "unable"],
    [{ agreed: "away" }, "away", [WANTED, failed], "failed"],
    [{ agreed: "away" }, "away", [WANTED, failed, { type: "captions_chosen", chosen: { language: "de-DE" } }], "on"],
    [{ agreed: "away" }, "away", [WANTED, muted], "off"],
    [{ agreed: "away" }, "away", [WANTED, rules({ mic: false })], "off"],
    [{ agreed: "away" }, "away", [WANTED, rules({ captions: false })], "off"],
    [{ agreed: "away" }, "away", [WANTED, { type: "left" }], "off"],
    [{ agreed: "away" }, "away", [WANTED, { type: "socket_lost" }], "off"],
  ];
  equal(table.map(([chosen, makes, events]) => speaking(chosen, makes, ...events)), table.map((row) => row[3]));
});

test("one is asked once, and only when somebody reads", () => {
  const asks = (chosen, ...events) => asksToCaption(after(start(chosen), joined(), { type: "captioner", makes: "away" }, OPEN_MIC, ...events));
  equal([asks({}), asks({}, WANTED), asks({ agreed: false }, WANTED), asks({ agreed: "away" }, WANTED)], [false, true, false, false]);
});

test("who agreed to be heard on this device is asked before their voice goes elsewhere", () => {
  const state = after(start({ agreed: "here" }), joined(), { type: "captioner", makes: "here" }, OPEN_MIC, WANTED);
  equal([captioningOf(state), asksToCaption(state)], ["on", false]);
  const elsewhere = after(state, { type: "captioner", makes: "away" });
  equal([captioningOf(elsewhere), asksToCaption(elsewhere)], ["declined", true]);
});

test("choices are remembered, and nonsense is not", () => {
  const kept = {};
  const storage = { getItem: () => kept.text ?? null, setItem: (_, text) => (kept.text = text) };
  equal(recallCaptions(storage), UNCHOSEN);
  rememberCaptions(storage, { on: true, size: "large", agreed: false, language: "de-DE", lines: ["secret"] });
  equal(recallCaptions(storage), { on: true, size: "large", agreed: false, language: "de-DE" });
  equal(kept.text.includes("secret"), false);
  rememberCaptions(storage, { ...UNCHOSEN, agreed: "here" });
  equal(recallCaptions(storage).agreed, "here");
  for (const agreed of ['"yes"', "true"]) {
    kept.text = `{"on": 1, "size": "huge", "agreed": ${agreed}, "language": "<b>"}`;
    equal(recallCaptions(storage), UNCHOSEN);
  }
});

test("the page's language becomes the variety that the browser prefers", () => {
  equal([spoken("en", ["de-DE", "en-US"]), spoken("en", []), spoken("de", ["en-US"]), spoken("eo", [])], ["en-US", "en-GB", "de-DE", "eo"]);
});

/** A double of the browser's speech recognition: the test says what it hears, several results at once too, and when it ends by itself. */
function browser({ available = "unavailable" } = {}) {
  const timers = [];
  const made = [];
  let now = 0;
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
    /** All results of this session so far, as the browser tells them. @param {[string, boolean][]} results */
    hears(...results) {
      const changed = results.findIndex((each, index) => String(each) !== String(this.told?.[index]));
      this.told = results;
      this.onresult({ resultIndex: Math.max(0, changed), results: { ...results.map(([transcript, isFinal]) => ({ 0: { transcript }, length: 1, isFinal })), length: results.length } });
    }
    /** By itself, after so many ms; why, if it says so. */
    ends(ms, error) {
      now += ms;
      if (error) this.onerror({ error });
      this.onend();
    }
  }
  const parts = { kind: () => Kind, after: (_, then) => (timers.push(then), timers.length), cancel: (n) => n && (timers[n - 1] = null), now: () => now };
  const elapse = () => [...timers].forEach((then, index) => {
    timers[index] = null;
    then?.();
  });
  const settle = () => new Promise((done) => setTimeout(done, 0));
  /** The one that runs ends by itself so many times, and begins again each time. */
  async function ending(times, ms, error) {
    for (let n = 0; n < times; n++) {
      made.at(-1).ends(ms, error);
      elapse();
      await settle();
    }
  }
  return { parts, made, elapse, settle, ending };
}

async function listening(options) {
  const heard = [];
  const makes = [];
  const double = browser(options);
  const recogniser = new Recogniser({ said: (line) => heard.push(line), makes: (now) => makes.push(now), failed: () => makes.push("failed") }, double.parts);
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

test("several open results are one line, and each stays when it is final", async () => {
  const { made, elapse, short } = await listening();
  made[0].hears(["the chromo", false], ["somes line", false]);
  elapse();
  equal(short(), [[0, "the chromo somes line", false]]);
  made[0].hears(["The chromosomes", true], ["line up", false], ["now", false]);
  elapse();
  made[0].hears(["The chromosomes", true], ["line up", true], ["now.", true]);
  equal(short().slice(1), [[0, "The chromosomes", true], [1, "line up now", false], [1, "line up", true], [2, "now.", true]]);
});

test("a result that is final before one that was open earlier is told in its turn", async () => {
  const { made, elapse, short } = await listening();
  made[0].hears(["one", false], ["two", true]);
  elapse();
  made[0].hears(["One", true], ["two", true]);
  equal(short(), [[0, "one two", false], [0, "One", true], [1, "two", true]]);
});

test("several open results stay as they are when the browser stops, and the next line follows them", async () => {
  const { made, ending, short } = await listening();
  made[0].hears(["half", false], ["a word", false]);
  await ending(1, 9000);
  made[1].hears(["more", true]);
  equal(short(), [[0, "half a word", true], [1, "more", true]]);
});

test("it begins again when the browser stops, and what was unfinished is finished", async () => {
  const { made, elapse, settle, short } = await listening();
  made[0].hears(["half", false]);
  made[0].ends(9000);
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

test("a browser that refuses, or ends at once again and again, is given up", async () => {
  const refused = await listening();
  refused.made[0].ends(0, "not-allowed");
  equal(refused.makes.at(-1), "failed");
  for (const [ms, error] of [[100, undefined], [60_000, "network"]]) {
    const dumb = await listening();
    await dumb.ending(5, ms, error);
    equal(dumb.makes.at(-1), "away");
    await dumb.ending(1, ms, error);
    equal([dumb.makes.at(-1), dumb.made.length], ["failed", 6]);
  }
});

test("a silence is no failure of the browser, however often it ends by one", async () => {
  for (const [ms, error] of [[8000, "no-speech"], [100, "no-speech"], [60_000, undefined]]) {
    const { makes, made, ending } = await listening();
    await ending(20, ms, error);
    equal([makes.at(-1), made.length], ["away", 21]);
  }
});

test("what ended well once may fail as often again", async () => {
  const { makes, ending } = await listening();
  await ending(5, 100);
  await ending(1, 8000, "no-speech");
  await ending(5, 100);
  equal(makes.at(-1), "away");
});

test("given up, it listens again when it is asked to", async () => {
  const { makes, made, ending, settle, recogniser } = await listening();
  await ending(6, 100);
  recogniser.listen("en-GB", { readyState: "live" });
  await settle();
  equal([makes.at(-2), makes.at(-1), made.length], ["failed", "away", 7]);
});

test("of two languages asked about at once the later one is told", async () => {
  const answers = {};
  const double = browser();
  double.parts.kind().available = ({ langs }) => new Promise((done) => (answers[langs[0]] = done));
  const makes = [];
  const recogniser = new Recogniser({ said: () => {}, makes: (now) => makes.push(now), failed: () => {} }, double.parts);
  void recogniser.find("de-DE");
  void recogniser.find("fr-FR");
  answers["fr-FR"]("unavailable");
  answers["de-DE"]("available");
  await double.settle();
  equal(makes, ["away"]);
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

const resumed = (more = {}) => ({ type: "resumed", now: AT, seq: 9, you: "me", started_at: AT, direct_calls: true, polls: [], captions: { allowed: true, wanted: false }, ...more });
const ruled = (captions) => ({ type: "rules_changed", seq: 10, at: AT, by: "t", rules: { ...RULES, captions } });
const mute = { type: "want", device: "mic", on: false };
const unmute = { type: "want", device: "mic", on: true };
const READS = { type: "want_captions", wanted: true };
const becomes = (state) => ({ type: "captioning", state });

test("whoever reads asks the class again each time they come in", () => {
  const page = desk({ on: true });
  enter(page);
  enter(page, resumed());
  equal(page.sent, [READS, READS]);
});

test("whoever would read asks the class when the teacher or the school allows it", () => {
  for (const [no, yes] of [[ruled(false), ruled(true)], [{ type: "captions_changed", captions: { allowed: false, wanted: false } }, { type: "captions_changed", captions: { allowed: true, wanted: false } }]]) {
    const page = desk({ on: true });
    page.tell(no);
    enter(page, joined(no.rules ? { rules: no.rules } : { captions: no.captions }));
    equal(page.sent, []);
    page.tell(yes);
    page.tell({ type: "speaking", ids: [] });
    equal(page.sent, [READS]);
  }
});

test("who reads no longer says so once", () => {
  const page = desk({ on: true });
  enter(page);
  page.page.choose({ on: false });
  equal(page.sent, [READS, { type: "want_captions", wanted: false }]);
});

test("nothing is recognised before somebody reads and this person has agreed", () => {
  const page = desk({});
  enter(page);
  page.tell(WANTED);
  equal([page.asked.filter(Boolean), page.sent], [[], [becomes("declined")]]);
  page.page.choose({ agreed: "away" });
  equal([page.asked.at(-1), page.sent.at(-1), page.kept], ["de-DE", becomes("on"), [{ on: false, agreed: "away" }]]);
  page.tell(mute);
  equal([page.asked.at(-1), page.sent.at(-1)], [null, becomes("off")]);
});

test("nothing is recognised while the line is lost, and nothing said before the class knows of this page again", () => {
  const page = desk({ agreed: "away" });
  enter(page, joined({ captions: { allowed: true, wanted: true } }));
  equal([page.asked.at(-1), page.sent], ["de-DE", [becomes("on")]]);
  page.tell({ type: "socket_lost" });
  equal(page.asked.at(-1), null);
  page.tell({ type: "socket_open" });
  equal([page.asked.at(-1), page.sent.length], [null, 1]);
  enter(page, resumed({ captions: { allowed: true, wanted: true } }));
  equal([page.asked.at(-1), page.sent], ["de-DE", [becomes("on"), becomes("on")]]);
});

test("what failed is said once, and tried again when this person unmutes", () => {
  const page = desk({ agreed: "away" });
  enter(page, joined({ captions: { allowed: true, wanted: true } }));
  page.page.failed();
  equal([page.asked.at(-1), page.sent.at(-1), page.state.notice.what], [null, becomes("failed"), { kind: "no_captions", why: "failed" }]);
  page.tell({ type: "speaking", ids: [] });
  equal(page.asked.at(-1), null);
  page.tell({ type: "notice_over", n: page.state.notice.n });
  page.tell(mute);
  page.tell(unmute);
  equal([page.asked.at(-1), page.sent.map(({ state }) => state)], ["de-DE", ["on", "failed", "off", "on"]]);
  page.page.failed();
  equal([page.sent.at(-1), page.state.notice], [becomes("failed"), null]);
});

test("turned off by the teacher, they cannot be turned on, and it is said why", () => {
  const page = desk({});
  enter(page, joined({ rules: { ...RULES, captions: false } }));
  page.page.choose({ on: true });
  equal([page.state.captions.on, page.state.notice.what, page.sent], [false, { kind: "no_captions", why: "class" }, []]);
});
