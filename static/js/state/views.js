/**
 * Questions to the state.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Person} Person
 * @typedef {import("./types").Device} Device
 * @typedef {import("./types").DeviceState} DeviceState
 */

import { may } from "./leading.js";

/** Where one's own camera is kept, before there is a participant id and after. */
export const OWN = "";

/** Teachers first, then by arrival; never by loudness. @param {Person} a @param {Person} b */
export const bySeat = (a, b) => Number(b.role === "teacher") - Number(a.role === "teacher") || a.order - b.order;

/** Everybody in the order of their seats. @param {State} state @returns {Person[]} */
export const seated = ({ people }) => Object.values(people).sort(bySeat);

/** Raised hands, longest first. @param {State} state @returns {Person[]} */
export const hands = (state) =>
  Object.values(state.people)
    .filter((person) => person.hand)
    .sort((a, b) => Date.parse(a.hand ?? "") - Date.parse(b.hand ?? "") || a.order - b.order);

/** Place in the line of hands, from 1; 0: not raised. @param {State} state @param {string} id */
export const handPlace = (state, id) => hands(state).findIndex((person) => person.id === id) + 1;

/** @param {State} state */
export const handUp = (state) => Boolean(state.you.id && state.people[state.you.id]?.hand);

/** How a device's button looks. @param {Device} device @returns {DeviceState} */
export function look({ want, state }) {
  if (state === "blocked" || state === "missing" || state === "busy") return state;
  if (state === "asking" && want) return "asking";
  return want ? "on" : "off";
}

/** Shared screens that can be shown, latest last. @param {State} state @returns {string[]} */
export const screens = (state) => state.screens.filter((id) => state.tracks[id]?.screen && state.people[id]);

/**
 * What somebody sends, as it is shown: their pictures by the direct way while that works; one's own camera, published or
 * not.
 * @param {State} state @param {string} id @returns {import("./types").Tracks}
 */
export function tracksOf(state, id) {
  const tracks = state.tracks[id] ?? {};
  if (id === state.you.id) return { ...tracks, camera: state.tracks[OWN]?.camera };
  const { direct } = state;
  if (!direct?.flows || direct.peer !== id) return tracks;
  const kinds = /** @type {const} */ (["mic", "camera", "screen"]);
  return { ...tracks, ...Object.fromEntries(kinds.map((kind) => [kind, state.cut[id]?.[kind] ? tracks[kind] : directly(direct, kind, tracks[kind])])) };
}

/**
 * Muted or not is the media server's word; of a track that it does not know yet, what comes counts.
 * @param {import("./types").Direct} direct @param {"mic" | "camera" | "screen"} kind @param {import("./types").Track | undefined} track
 * @returns {import("./types").Track | undefined}
 */
function directly({ media, live }, kind, track) {
  const own = kind === "mic" ? null : media[kind]; // sounds are played by themselves
  if (track) return { ...track, media: own ?? track.media };
  return live.includes(kind) ? { sid: `direct:${kind}`, muted: false, media: own ?? null } : undefined;
}

/**
 * What the media server says that somebody sends just now; nothing while it is not heard of. A muted microphone sends,
 * but it may also be gone.
 * @param {State} state @param {string} id
 */
export function arriving({ tracks, media, server }, id) {
  const { mic, camera } = tracks[id] ?? {};
  const known = media === "on" && server !== "lost";
  return { mic: Boolean(known && mic && !mic.muted), camera: Boolean(known && camera && !camera.muted) };
}

/** Since when nothing comes any more from anybody (ms, local clock). @param {State} state */
export const silentSince = ({ direct, mediaLostAt }) => (direct?.flows ? null : mediaLostAt);

/**
 * Which way sound and pictures take, and why; null while there is none.
 * @param {State} state
 * @returns {{kind: "direct" | "direct_relayed" | "server" | "relayed", why: "alone" | "many" | "recorded" | "off" | "failed" | "trying" | null, tcp: boolean} | null}
 */
export function way({ direct, directAllowed, directFailed, media, path, people, recording }) {
  if (direct?.flows) return { kind: direct.relayed ? "direct_relayed" : "direct", why: null, tcp: false };
  if (media !== "on") return null;
  const count = Object.keys(people).length;
  const why = count < 2 ? "alone" : count > 2 ? "many" : recording ? "recorded" : !directAllowed ? "off" : directFailed ? "failed" : "trying";
  return { kind: path?.relayed ? "relayed" : "server", why, tcp: Boolean(path?.tcp) };
}

/** Whether this person may be sent files. @param {State} state @param {string} id */
export const mayGetFiles = (state, id) =>
  state.directAllowed && id !== state.you.id && Boolean(state.people[id]) && (may(state, "private_chat") || state.people[id]?.role === "teacher");

/** Whether leaving now would break something off. @param {State} state */
export const isSending = ({ transfers, uploads }) =>
  transfers.some(({ state }) => ["connecting", "moving", "interrupted"].includes(state)) || uploads.some(({ state }) => state !== "failed");

/** Muted in the eyes of others: no sound track, or a muted one. @param {State} state @param {string} id */
export function muted(state, id) {
  if (id === state.you.id) return look(state.mic) !== "on";
  return tracksOf(state, id).mic?.muted ?? true;
}

/** How loud somebody is here, 0–1. @param {Pick<State, "volumes">} state @param {string} id */
export const volumeOf = ({ volumes }, id) => volumes[id] ?? 1;

/**
 * The people shown in a strip of `places`: teachers, then who spoke last, then raised hands, then by arrival; oneself
 * always. They keep the order of the grid, so nobody jumps about inside the strip.
 * @param {State} state @param {Person[]} all in the order of their seats, without who has the stage @param {number} places
 * @returns {Person[]}
 */
export function strip(state, all, places) {
  if (all.length <= places) return all;
  const chosen = new Set(byWeight(state, all).slice(0, places));
  return all.filter((person) => chosen.has(person));
}

/** Those first who are to be seen where not everybody can be. @param {State} state @param {Person[]} people @returns {Person[]} */
export function byWeight(state, people) {
  const weight = (/** @type {Person} */ person) => {
    if (person.id === state.you.id) return 0;
    if (person.role === "teacher") return 1;
    const spoke = state.recent.indexOf(person.id);
    if (spoke >= 0) return 2 + spoke;
    return person.hand ? 50 : 100;
  };
  return [...people].sort((a, b) => weight(a) - weight(b) || a.order - b.order);
}

/** Whether asking to join now would succeed. @param {State} state @param {number} now */
export function mayEnter({ greeted, session, you, skew }, now) {
  if (!greeted || you.locked_out || session.state === "ended" || now + skew < Date.parse(session.opensAt)) return false;
  if (you.lobby === "waiting") return false;
  return session.state === "live" || you.role === "teacher";
}

/** Whether this page should ask to join again by itself. @param {State} state @param {number} now */
export function shouldRetry(state, now) {
  const due = state.retryAt !== null && now >= state.retryAt;
  return state.phase === "waiting" && (due || (!isFull(state) && mayEnter(state, now)));
}

/** Whether all places, or all classes at once, of the school are taken. @param {Pick<State, "refusal">} state */
export const isFull = ({ refusal }) => refusal?.code === "class_full" || refusal?.code === "too_many_classes";

const IN_VAIN = 12_000; // ms; slow ways through firewalls take some seconds
const STUCK = 15_000; // ms

/** Whether nothing has come for so long, and nobody has said that the server is away. @param {State} state @param {number} now @param {number} ms */
const inVain = ({ phase, socket, server, mediaAskedAt, direct }, now, ms) =>
  phase === "inside" && socket === "open" && server === "up" && !direct?.flows && mediaAskedAt !== null && now - mediaAskedAt > ms;

/** Whether it is time to find out why. @param {State} state @param {number} now */
export const troubled = (state, now) => state.trouble === null && inVain(state, now, IN_VAIN);

/** Whether another way is worth a try. @param {State} state @param {number} now */
export const isStuck = (state, now) => inVain(state, now, STUCK);

/** Whether a moment can be marked now. @param {Pick<State, "recording">} state */
export const canMark = ({ recording }) => recording?.state === "on";
