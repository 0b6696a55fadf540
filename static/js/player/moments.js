/**
 * Moments worth going to, in the viewer's time. Pure.
 * @typedef {import("./timeline").Track} Track
 * @typedef {import("./timeline").Stretch} Stretch
 * @typedef {"begin" | "screen" | "chapter" | "poll" | "lost" | "break"} Kind
 * @typedef {{key: string, at: number, since: number, kind: Kind, title: string, name: string, count: number, id: string | null}} Moment
 *   `since`: in the time of the class; `id` of a chapter that can be changed
 * @typedef {{tracks: Track[], chapters: {id: string, at: number, title: string}[], lost?: {at: number, count: number}[], polls?: {at: number, title: string}[]}} Marked
 */
import { viewTime } from "./timeline.js";

const NEAR = 3; // seconds within which two tell of the same

/** @typedef {(told: Marked, all: Stretch[]) => (Partial<Moment> & {kind: Kind, since: number})[]} Source */

/** The teacher's own. @type {Source} */
const chapters = ({ chapters }) => chapters.map(({ id, at, title }) => ({ kind: "chapter", since: at, title, id }));

/** A screen that appears; not one that goes on after a break. @type {Source} */
const screens = ({ tracks }, all) =>
  tracks
    .filter(({ source, from }) => source === "screen_share" && !all.slice(1).some((stretch) => near(stretch.from, from)))
    .map(({ from, name }) => ({ kind: "screen", since: from, name }));

/** @type {Source} */
const breaks = (_, all) => all.slice(1).map(({ from }) => ({ kind: "break", since: from }));

/** Only those who lead the class are told. @type {Source} */
const troubles = ({ lost = [] }) => lost.map(({ at, count }) => ({ kind: "lost", since: at, count }));

/** A question to the class begins. @type {Source} */
const polls = ({ polls = [] }) => polls.map(({ at, title }) => ({ kind: "poll", since: at, title }));

/** What else happens in a class is one more of these, and one more kind. @type {Source[]} */
const SOURCES = [chapters, screens, breaks, polls, troubles];

/** @param {number} a @param {number} b */
const near = (a, b) => Math.abs(a - b) <= NEAR;

/** By time. A chapter takes the place of what it stands beside; the beginning is one where nothing else is. @param {Marked} told @param {Stretch[]} all @returns {Moment[]} */
export function moments(told, all) {
  const own = told.chapters;
  const found = SOURCES.flatMap((source) => source(told, all))
    .filter(({ kind, since }) => kind === "chapter" || kind === "lost" || !own.some(({ at }) => near(at, since)))
    .map((moment) => whole(moment, viewTime(all, moment.since)))
    .sort((a, b) => a.at - b.at);
  const first = found.find(isChapter);
  return !first || first.at <= NEAR ? found : [whole({ kind: "begin", since: all[0]?.from ?? 0 }, 0), ...found];
}

/** @param {ReturnType<Source>[number]} moment @param {number} at @returns {Moment} */
const whole = (moment, at) => ({ title: "", name: "", count: 0, id: null, ...moment, at, key: `${moment.kind}${moment.id ?? moment.since}` });

/** Where people were lost is a mark, not a part of the class. @param {Moment} moment */
export const isChapter = ({ kind }) => kind !== "lost";

/** The chapter that is on. @param {Moment[]} all @param {number} time of the viewer's @returns {Moment | null} */
export const chapterAt = (all, time) => all.findLast((moment) => isChapter(moment) && moment.at <= time + 0.05) ?? null;

/** The next one, or the one before; within the first seconds of one, before means before that. @param {Moment[]} all @param {number} time @param {1 | -1} way @returns {Moment | null} */
export const chapterBeside = (all, time, way) =>
  (way > 0 ? all.find((moment) => isChapter(moment) && moment.at > time + 0.5) : all.findLast((moment) => isChapter(moment) && moment.at < time - NEAR)) ?? null;

/** What stands on the line within `reach` seconds. @param {Moment[]} all @param {number} time @param {number} reach @returns {Moment | null} */
export function markNear(all, time, reach) {
  const close = all.filter(({ kind, at }) => kind !== "begin" && Math.abs(at - time) <= reach);
  return close.sort((a, b) => Math.abs(a.at - time) - Math.abs(b.at - time))[0] ?? null;
}
