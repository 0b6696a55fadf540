/**
 * A recording's time as its viewer knows it: from 0 on, without what was not recorded. Pure.
 * @typedef {{id: string, source: string, name: string, teaches: boolean, from: number, to: number, kind: string, url: string}} Track
 * @typedef {{at: number, name: string, hue: number, text: string}} Line
 * @typedef {{from: number, to: number, begins: number}} Stretch recorded without a break, in seconds of the class; `begins` for the viewer
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

/**
 * What stands large, and what beside it: the screen shared last, else the teacher's camera, else the first.
 * @param {Track[]} all that play @returns {{main: Track | null, others: Track[]}}
 */
export function arranged(all) {
  const pictures = all.filter((track) => !isSound(track));
  const screens = pictures.filter(({ source }) => source === "screen_share").sort((a, b) => b.from - a.from);
  const main = screens[0] ?? pictures.find(({ teaches }) => teaches) ?? pictures[0] ?? null;
  const others = pictures.filter((track) => track !== main).sort((a, b) => Number(b.teaches) - Number(a.teaches) || a.name.localeCompare(b.name));
  return { main, others };
}

/** Moments worth going to: where a screen appears, and where a break was. @param {Track[]} tracks @param {Stretch[]} all @returns {{at: number, kind: "screen" | "break", name: string}[]} */
export function marks(tracks, all) {
  const screens = tracks.filter(({ source }) => source === "screen_share").map(({ from, name }) => ({ at: viewTime(all, from), kind: /** @type {const} */ ("screen"), name }));
  const breaks = all.slice(1).map(({ begins }) => ({ at: begins, kind: /** @type {const} */ ("break"), name: "" }));
  return [...screens, ...breaks].sort((a, b) => a.at - b.at);
}
