/**
 * A recording's time as its viewer knows it: from 0 on, without what was not recorded. Pure.
 * @typedef {{id: string, source: string, name: string, person: string, teaches: boolean, from: number, to: number, kind: string, url: string, speech: [number, number][] | null}} Track
 * @typedef {{at: number, name: string, hue: number, text: string, files: string[]}} Line
 * @typedef {{from: number, to: number, begins: number}} Stretch recorded without a break, in seconds of the class; `begins` for the viewer
 * @typedef {{from: number, person: string}} Turn from then on somebody has the floor, up to the next one's turn
 */

const BREAK = 1.5; // seconds in which nobody was recorded: a pause, or a media server that was away
const SOUNDS = ["microphone", "screen_share_audio"];

/** @param {Pick<Track, "source">} track */
export const isSound = ({ source }) => SOUNDS.includes(source);

/** What was recorded without a break. @param {Pick<Track, "from" | "to">[]} tracks @returns {Stretch[]} */
export function stretches(tracks) {
  /** @type {Stretch[]} */ const found = [];
  for (const { from, to } of [...tracks].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && from - last.to < BREAK) last.to = Math.max(last.to, to);
    else found.push({ from, to, begins: 0 });
  }
  let begins = 0;
  for (const stretch of found) {
    stretch.begins = begins;
    begins += stretch.to - stretch.from;
  }
  return found;
}

/** @param {Stretch[]} all seconds */
export const lengthOf = (all) => all.reduce((sum, { from, to }) => sum + to - from, 0);

/** From the viewer's time to that of the class. @param {Stretch[]} all @param {number} time */
export function classTime(all, time) {
  const stretch = all.findLast(({ begins }) => begins <= time) ?? all[0];
  return stretch ? Math.min(stretch.to, stretch.from + Math.max(0, time - stretch.begins)) : 0;
}

/** And back; what lies in a break is told where it ends. @param {Stretch[]} all @param {number} at */
export function viewTime(all, at) {
  const stretch = all.find(({ to }) => at <= to) ?? all.at(-1);
  return stretch ? stretch.begins + Math.min(Math.max(0, at - stretch.from), stretch.to - stretch.from) : 0;
}

/** Who is to be seen and heard. @param {Track[]} tracks @param {number} at of the class */
export const playing = (tracks, at) => tracks.filter(({ from, to }) => from <= at && at < to);

const HOLD = 2; // seconds that somebody keeps the floor at least
const COUGH = 0.6; // what is shorter takes nobody's
const TIE = 0.4; // who begins within this of the first has begun at the same time
const TAIL = 0.3; // of a word

/** Whose speech it is, in the time of the class. @param {Track[]} tracks */
const spoken = (tracks) =>
  tracks.flatMap(({ source, speech, from, to, person, teaches }) =>
    source === "microphone" ? (speech ?? []).map(([start, end]) => ({ from: from + start, to: Math.min(from + end, to), person, teaches })) : [],
  );

/**
 * Who has the floor when: whoever speaks keeps it, in silence too, until somebody else speaks and two seconds have passed.
 * @param {Track[]} tracks @returns {Turn[]}
 */
export function turns(tracks) {
  const waiting = spoken(tracks).filter(({ from, to }) => to - from >= COUGH).sort((a, b) => a.from - b.from);
  const edges = [...new Set(waiting.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  /** @type {Turn[]} */ const found = [];
  /** @type {typeof waiting} */ let talking = [];
  let next = 0;
  const upcoming = (/** @type {number} */ at) => {
    const end = waiting.findIndex(({ from }, index) => index >= next && from - at > TIE);
    return waiting.slice(next, end < 0 ? undefined : end);
  };
  const look = (/** @type {number} */ at) => {
    for (let one = waiting[next]; one && one.from <= at; one = waiting[next]) {
      talking.push(one);
      next += 1;
    }
    talking = talking.filter(({ to }) => to > at);
    const last = found.at(-1);
    const held = last && (at < last.from + HOLD || talking.some(({ person }) => person === last.person));
    const soon = upcoming(at);
    if (!held && talking.length) found.push({ from: at, person: longest([...talking, ...soon]).person });
  };
  edges.forEach((edge, index) => {
    look(edge);
    const free = (found.at(-1)?.from ?? -HOLD) + HOLD;
    if (free > edge && free < (edges[index + 1] ?? 0)) look(free);
  });
  return found;
}

/** Who has been speaking for longest; of those who began together, a teacher. @template {{from: number, teaches: boolean}} T @param {T[]} talking not empty @returns {T} */
function longest(talking) {
  const first = /** @type {T} */ (talking.reduce((a, b) => (b.from < a.from ? b : a)));
  const together = talking.filter(({ from }) => from - first.from <= TIE);
  return together.find(({ teaches }) => teaches) ?? first;
}

/** @param {Turn[]} all @param {number} at of the class @returns {string | null} a person */
export const speakerAt = (all, at) => all.findLast(({ from }) => from <= at)?.person ?? null;

/** Who is heard at this very moment. @param {Track[]} tracks that play @param {number} at of the class */
export function speaking(tracks, at) {
  const heard = (/** @type {Track} */ { source, speech, from, to }) =>
    source === "microphone" && (speech ?? []).some(([start, end]) => from + start <= at && at < Math.min(from + end, to) + TAIL);
  return new Set(tracks.filter(heard).map(({ person }) => person));
}

/**
 * What stands large, and what beside it. Large is what is pinned; else the screen shared last; else the speaker's
 * camera, the teacher's, the first. Two pictures change their places, all others stay where they are.
 * @param {Track[]} all that play @param {{speaker?: string | null, pinned?: string | null}} [wish] a person, and a track
 * @returns {{main: Track | null, others: Track[]}}
 */
export function arranged(all, { speaker = null, pinned = null } = {}) {
  const pictures = all.filter((track) => !isSound(track));
  const screens = pictures.filter(({ source }) => source === "screen_share").sort((a, b) => b.from - a.from);
  const cameras = pictures
    .filter(({ source }) => source !== "screen_share")
    .sort((a, b) => Number(b.teaches) - Number(a.teaches) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  swap(cameras, 0, cameras.findIndex(({ person }) => person === speaker));
  const order = [...screens.slice(0, 1), ...cameras, ...screens.slice(1)];
  swap(order, 0, order.findIndex(({ id }) => id === pinned));
  const [main = null, ...others] = order;
  return { main, others };
}

/** @template T @param {T[]} list @param {number} a @param {number} b nowhere: nothing happens */
function swap(list, a, b) {
  if (b > a) [list[a], list[b]] = /** @type {[T, T]} */ ([list[b], list[a]]);
}

/** Whether there is ever more than one picture at once. @param {Track[]} tracks */
export function hasSeveral(tracks) {
  const pictures = tracks.filter((track) => !isSound(track));
  return pictures.some(({ id, from, to }) => pictures.some((other) => other.id !== id && other.from < to && from < other.to));
}
