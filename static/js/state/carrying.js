/**
 * How many cameras this device shows at once: fewer when it cannot keep up, more again with care. Pure; the clock is passed
 * in. Sound is never touched.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Person} Person
 * @typedef {{pictures: number, strained: boolean}} Look cameras of others that came just now, and whether that was too much
 * @typedef {object} Limit
 * @property {number | null} most null: as many as have a place
 * @property {number} bad looks in a row at which it was too much
 * @property {number | null} calmSince ms
 * @property {number} patience ms of calm until one more is tried
 * @property {number | null} raisedAt ms; when one more was tried last
 * @property {number} restsUntil ms; until then a change settles, and nothing is judged
 */
import { byWeight, tracksOf } from "./views.js";
import { focus } from "./seats.js";

const BAD = 2; // looks
const CALM = 20_000; // ms
const LONGEST = 320_000; // ms; one that fell behind after each try is tried ever more seldom
const TRIAL = 20_000; // ms; too much this soon after one more: that one was too much
const REST = 5000; // ms; decoders start, pictures come and go
const MOST = 25; // places on the largest page

/** @type {Limit} */
export const UNLIMITED = { most: null, bad: 0, calmSince: null, patience: CALM, raisedAt: null, restsUntil: 0 };

/** @param {Limit} limit @param {Look} look @param {number} at ms @returns {Limit} */
export function next(limit, { pictures, strained }, at) {
  if (at < limit.restsUntil) return limit;
  if (!strained) return calm({ ...limit, bad: 0, calmSince: limit.calmSince ?? at }, pictures, at);
  const bad = limit.bad + 1;
  return bad < BAD || pictures < 2 ? { ...limit, bad, calmSince: null } : fewer(limit, pictures, at);
}

/** A third less, never none; without the one that was just tried, if it was that. @param {Limit} limit @param {number} pictures @param {number} at @returns {Limit} */
function fewer({ patience, raisedAt }, pictures, at) {
  const tried = raisedAt !== null && at - raisedAt < TRIAL;
  return {
    most: Math.max(1, tried ? pictures - 1 : Math.floor((pictures * 2) / 3)),
    bad: 0,
    calmSince: null,
    patience: tried ? Math.min(LONGEST, patience * 2) : patience,
    raisedAt: null,
    restsUntil: at + REST,
  };
}

/** One more after a while, where the limit is what keeps it away. @param {Limit} limit @param {number} pictures @param {number} at @returns {Limit} */
function calm(limit, pictures, at) {
  const { most, calmSince, raisedAt } = limit;
  const stood = raisedAt !== null && at - raisedAt >= TRIAL; // the last one did no harm
  const patience = stood ? CALM : limit.patience;
  if (most === null || pictures < most || at - (calmSince ?? at) < patience) return { ...limit, patience };
  return { most: most + 1 < MOST ? most + 1 : null, bad: 0, calmSince: null, patience, raisedAt: at, restsUntil: at + REST };
}

/** How many cameras may be live. @param {State} state */
const most = ({ carries, showAll, soundOnly }) => (soundOnly ? 0 : showAll ? null : carries);

/**
 * Whose cameras are live of those who are shown: whoever has the stage, oneself, teachers, who spoke last. Undefined:
 * everybody's.
 * @param {State} state @param {Person[]} shown @returns {ReadonlySet<string> | undefined}
 */
export function lively(state, shown) {
  const limit = most(state);
  if (limit === null) return undefined;
  const main = limit ? focus(state) : null;
  const seen = shown.filter(({ id }) => id !== state.you.id && isOn(state, id));
  const first = seen.filter(({ id }) => id === main);
  const others = byWeight(state, seen.filter(({ id }) => id !== main));
  const live = [...first, ...others].slice(0, Math.max(limit, first.length));
  return new Set([...live.map(({ id }) => id), ...(state.you.id ? [state.you.id] : [])]);
}

/**
 * What is large by itself, if it comes and is wanted.
 * @param {State} state @param {{id: string, kind: "camera" | "screen"}} main @returns {import("./types").Track["media"]}
 */
export function pictureOf(state, { id, kind }) {
  const track = tracksOf(state, id)[kind];
  const unwanted = kind === "camera" && state.soundOnly && id !== state.you.id;
  return track && !track.muted && !unwanted ? track.media : null;
}

/** Whether the limit keeps any camera away that has a place. @param {State} state @param {string[]} shown who has one, by id */
export function paused(state, shown) {
  const live = lively(state, shown.flatMap((id) => state.people[id] ?? []));
  return live !== undefined && shown.some((id) => isOn(state, id) && !live.has(id));
}

/** @param {State} state @param {string} id */
function isOn(state, id) {
  const { camera } = tracksOf(state, id);
  return Boolean(camera && !camera.muted);
}
