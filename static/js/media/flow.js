/**
 * Whether sound and pictures keep coming over one connection: told within 200 ms when they stop, and again only once
 * they have come steadily for a while. Plain arithmetic; the clock is passed in.
 * @typedef {{sound: number | null, picture: number | null}} Marks something that changes with each packet; null: none is to be expected
 * @typedef {{marks: Marks, soundAt: number, pictureAt: number, goodSince: number | null, lost: boolean, flows: boolean}} Flow
 */

const SOUND_GAP = 200; // ms; a packet comes every 20
const PICTURE_GAP = 1500; // ms; a still picture may pause for a second
const STEADY = 250; // ms until it counts at first
const STEADY_AGAIN = 3000; // ms, once it has failed: no to and fro
const ASLEEP = 1000; // ms; looked at later than this, the page itself was held up

/** @param {number} at ms @returns {Flow} */
export const still = (at) => ({
  marks: { sound: null, picture: null },
  soundAt: at,
  pictureAt: at,
  goodSince: null,
  lost: false,
  flows: false,
});

/** @param {Flow} flow @param {boolean} connected @param {Marks} marks @param {number} at ms @param {number} before when looked last @returns {Flow} */
export function next(flow, connected, marks, at, before) {
  const awake = at - before <= ASLEEP;
  const moved = (/** @type {"sound" | "picture"} */ kind) => marks[kind] === null || marks[kind] !== flow.marks[kind] || !awake;
  const soundAt = moved("sound") ? at : flow.soundAt;
  const pictureAt = moved("picture") ? at : flow.pictureAt;
  const arrives = marks.sound !== 0 && marks.picture !== 0;
  const good = connected && arrives && at - soundAt < SOUND_GAP && at - pictureAt < PICTURE_GAP;
  const goodSince = good ? (flow.goodSince ?? at) : null;
  const lost = flow.lost || (flow.flows && !good);
  const flows = goodSince !== null && at - goodSince >= (lost ? STEADY_AGAIN : STEADY);
  return { marks, soundAt, pictureAt, goodSince, lost, flows };
}
