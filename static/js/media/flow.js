/**
 * Whether sound and pictures keep coming over one connection, beside another one that carries the same voice: told within
 * a tenth of a second when the one falls silent and the other does not, and again only once it has been steady for a
 * while. Plain arithmetic; the clock is passed in.
 * @typedef {object} Marks something that changes with each packet; 0: none has come, null: none is to be expected
 * @property {number | null} sound
 * @property {number | null} picture
 * @property {number | null} spare the same voice on the other connection
 * @typedef {{marks: Marks, soundAt: number, pictureAt: number, spared: number, heard: boolean, seen: boolean, goodSince: number | null, lost: boolean, flows: boolean}} Flow
 */

const SOUND_GAP = 100; // ms; a packet comes every 20
const SPARED = 2; // looks at which the other connection has gone on: it is not the voice that pauses
const SILENCE = 1000; // ms; whatever the other one does
const PICTURE_GAP = 1500; // ms; a camera may take a second to start
const STEADY = 120; // ms until it counts at first
const STEADY_AGAIN = 3000; // ms, once it has failed: no to and fro
const ASLEEP = 1000; // ms; looked at later than this, the page itself was held up

/** @param {number} at ms @returns {Flow} */
export const still = (at) => ({
  marks: { sound: null, picture: null, spare: null },
  soundAt: at,
  pictureAt: at,
  spared: 0,
  heard: false,
  seen: false,
  goodSince: null,
  lost: false,
  flows: false,
});

/** @param {Flow} flow @param {boolean} connected @param {Marks} marks @param {number} at ms @param {number} before when looked last @returns {Flow} */
export function next(flow, connected, marks, at, before) {
  const slept = at - before > ASLEEP;
  const moved = (/** @type {keyof Marks} */ kind) => slept || marks[kind] === null || marks[kind] !== flow.marks[kind];
  const soundAt = moved("sound") ? at : flow.soundAt;
  const pictureAt = moved("picture") ? at : flow.pictureAt;
  const spared = soundAt === at ? 0 : flow.spared + Number(marks.spare !== null && moved("spare"));
  const heard = flow.heard || Boolean(marks.sound);
  const seen = flow.seen || Boolean(marks.picture);
  const arrived = (heard || marks.sound === null) && (seen || marks.picture === null);
  const silent = at - soundAt >= SILENCE || (at - soundAt >= SOUND_GAP && spared >= SPARED);
  const good = connected && arrived && !silent && at - pictureAt < PICTURE_GAP;
  const goodSince = good ? (flow.goodSince ?? at) : null;
  const lost = flow.lost || (flow.flows && !good);
  const flows = goodSince !== null && at - goodSince >= (lost ? STEADY_AGAIN : STEADY);
  return { marks, soundAt, pictureAt, spared, heard, seen, goodSince, lost, flows };
}
