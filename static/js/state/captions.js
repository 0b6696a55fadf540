/**
 * Captions: what is said, as each speaker's own browser hears it. Who reads them, what is shown, and what becomes of what
 * this person says.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").LocalEvent} LocalEvent
 * @typedef {import("./types").CaptionsChosen} CaptionsChosen
 * @typedef {import("./types").CaptionLine} CaptionLine
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {import("../classroom/protocol").CaptionsNow} CaptionsNow
 * @typedef {"captions_changed" | "subtitle" | "captioning_now"} Told
 */
import { may } from "./leading.js";
import { look } from "./views.js";

export const STAYS = 6000; // ms of silence
const MOST_KEPT = 300; // characters: what two lines on the widest screen can show
const MOST_SHOWN = 2; // people

/** @type {CaptionsChosen} */
export const UNCHOSEN = { on: false, size: "medium", agreed: null, language: "" };

/** @param {CaptionsChosen} chosen @returns {State["captions"]} */
export const noCaptions = (chosen) => ({ ...chosen, allowed: true, wanted: false, makes: "none", failed: false, lines: [], cannot: {} });

/** @param {State} state @param {Partial<State["captions"]>} more @returns {State} */
const having = (state, more) => ({ ...state, captions: { ...state.captions, ...more } });

/** Coming in, or back: what was said meanwhile is not told again. @param {State} state @param {CaptionsNow} [now] @returns {State} */
export const withCaptions = (state, now) => having(state, { ...now, lines: [], cannot: {} });

/** @type {{[T in Told]: (state: State, message: Extract<ServerMessage, {type: T}>, now: number) => State}} */
export const captions = {
  captions_changed: (state, { captions: now }) => having(state, now),

  /** Their lines may be counted from 0 again: they come from another page perhaps. */
  captioning_now(state, { by, state: becomes }) {
    const { [by]: _, ...others } = state.captions.cannot;
    const lines = state.captions.lines.map((each) => (each.by === by ? { ...each, line: 0 } : each));
    return having(state, { lines, cannot: becomes === "on" || becomes === "off" ? others : { ...others, [by]: becomes } });
  },

  subtitle(state, { by, line, text, final, language }, now) {
    const { lines } = state.captions;
    const before = lines.find((each) => each.by === by);
    if (!state.captions.on || (before && line < before.line)) return state;
    const said = before?.said ?? "";
    const next = { by, line: final ? line + 1 : line, said: final ? tail(joined(said, text)) : said, now: final ? "" : text, language, at: now };
    return having(state, { lines: before ? lines.map((each) => (each === before ? next : each)) : [...lines, next] });
  },
};

/** What this person does about captions. @type {{[T in "captions_chosen" | "captioner" | "captioner_failed" | "captions_over"]: (state: State, event: Extract<LocalEvent, {type: T}>) => State}} */
export const captioning = {
  /** What failed may be tried again, in another language or at another wish. */
  captions_chosen: (state, { chosen }) =>
    having(state, { ...chosen, ...(chosen.on === false && { lines: [] }), failed: state.captions.failed && !("language" in chosen || chosen.agreed) }),
  captioner: (state, { makes }) => having(state, { makes }),
  captioner_failed: (state, { failed }) => having(state, { failed }),
  captions_over: (state, { before }) => withLines(state, ({ at }) => at > before),
};

/** Only those that are to stay; where all are, nothing changes. @param {State} state @param {(line: CaptionLine) => boolean} stays @returns {State} */
function withLines(state, stays) {
  const lines = state.captions.lines.filter(stays);
  return lines.length === state.captions.lines.length ? state : having(state, { lines });
}

/** Who comes or goes begins anew. @param {State} state @param {string} id */
export const withoutLines = (state, id) => withLines(state, ({ by }) => by !== id);

/** @param {string} said @param {string} more */
const joined = (said, more) => [said, more].filter(Boolean).join(" ");

/** The end of it, from the beginning of a word. @param {string} text */
function tail(text) {
  if (text.length <= MOST_KEPT) return text;
  const end = text.slice(-MOST_KEPT);
  const word = end.indexOf(" ");
  return word >= 0 && word < MOST_KEPT / 2 ? end.slice(word + 1) : end;
}

/** Whether there may be captions in this class. @param {State} state */
export const areAllowed = ({ captions: { allowed }, rules }) => allowed && rules.captions;

/** Whether this person reads them. @param {State} state */
export const areShown = (state) => state.captions.on && areAllowed(state);

/** Whether this person has agreed to what their browser does now: on this device, or away from it perhaps. @param {State["captions"]} captions */
export const agrees = ({ agreed, makes }) => agreed === "away" || (agreed === "here" && makes === "here");

/** What this person agrees to who is told how their browser makes captions. @param {State["captions"]} captions */
export const offered = ({ makes }) => (makes === "here" ? "here" : "away");

/**
 * What becomes of what this person says: captions, none because the browser cannot or they do not want it, nothing
 * because they are not speaking or nobody reads, as far as is known.
 * @param {State} state @returns {import("../classroom/protocol").Captioned}
 */
export function captioningOf(state) {
  const { wanted, makes, failed } = state.captions;
  const speaks = isInside(state) && may(state, "mic") && look(state.mic) === "on";
  if (!wanted || !areAllowed(state) || !speaks) return "off";
  if (makes === "none") return "unable";
  if (!agrees(state.captions)) return "declined";
  return failed ? "failed" : "on";
}

/** In the class, and heard of. @param {State} state */
export const isInside = ({ phase, socket }) => phase === "inside" && socket === "open";

/** Whether this person is to be asked: also who agreed to less than their browser does now. @param {State} state */
export const asksToCaption = (state) => state.captions.agreed !== false && captioningOf(state) === "declined";

/**
 * Who is shown, in the order in which they began: what they say, or why it cannot be read.
 * @param {State} state @param {number} [most] people @returns {{by: string, name: string, text: string, language: string, cannot: "unable" | "failed" | "declined" | null}[]}
 */
export function captionsShown(state, most = MOST_SHOWN) {
  const { lines, cannot } = state.captions;
  const known = lines.filter(({ by }) => state.people[by]);
  const latest = [...known].sort((a, b) => b.at - a.at).slice(0, most);
  const said = known.filter((each) => latest.includes(each)).map(({ by, said: before, now, language }) => ({ by, name: nameOf(state, by), text: joined(before, now), language, cannot: null }));
  const silent = voices(state)
    .filter((id) => state.people[id] && id !== state.you.id && cannot[id] && !lines.some(({ by }) => by === id))
    .map((by) => ({ by, name: nameOf(state, by), text: "", language: "", cannot: cannot[by] ?? null }));
  return [...said, ...silent].slice(0, most);
}

/** Who speaks; of two who are connected directly no server says it, so it may be the other one. @param {State} state @returns {string[]} */
const voices = ({ speaking, direct }) => (direct?.flows && !speaking.includes(direct.peer) ? [...speaking, direct.peer] : speaking);

/** @param {State} state @param {string} id */
const nameOf = ({ people }, id) => people[id]?.name ?? "";
