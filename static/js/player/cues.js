/**
 * What is said when, in the viewer's time. Pure.
 * @typedef {{from: number, to: number, words: string, voice: string}} Words
 */

/** @template {Words} T @param {T[]} all @param {number} time @returns {T[]} */
export const spokenAt = (all, time) => all.filter(({ from, to }) => from <= time && time < to);

/** The place of the last one that has begun, -1 before the first. @param {Words[]} all by their beginning @param {number} time */
export const lastBegun = (all, time) => all.findLastIndex(({ from }) => from <= time + 0.05);

/** Those in which all words that were searched for stand. @template {Words} T @param {T[]} all @param {string} query @returns {T[]} */
export function matching(all, query) {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  return wanted.length ? all.filter(({ words, voice }) => wanted.every((word) => plain(`${voice} ${words}`).includes(word))) : all;
}

/** Cut where what was searched for begins and ends: every second piece is a find. @param {string} text @param {string} query @returns {string[]} */
export function pieces(text, query) {
  const wanted = query.trim().split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return wanted.length ? text.split(new RegExp(`(${wanted.join("|")})`, "giu")) : [text];
}

/** Without capitals and accents: "Ähre" is found by "ahre". @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
