/**
 * Where everything on the stage sits: pure geometry in CSS pixels, origin at the start of the stage's top.
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {{width: number, height: number}} Size
 */

export const GAP = 8;
const STRIP_LEAST = { w: 144, h: 81 };
const STRIP_MOST = 120; // height of a strip's tiles when there is space left over
const MORE = 72; // width of the "+14" tile beside a strip
const WIDE = 16 / 9;
const EDGE = 12; // from one's own small picture to the edges

/** Tiles may be cropped between these shapes. @param {Size} stage */
const shapes = (stage) => (stage.width < stage.height ? { least: 1, most: WIDE } : { least: 4 / 3, most: 1.95 });

/** Most tiles on one page of the grid. @param {Size} stage */
export function seatsPerPage(stage) {
  if (stage.width < 600 || stage.height < 420) return 6;
  if (stage.width < 1000 && stage.width < stage.height) return 9;
  return stage.width >= 1400 && stage.height >= 700 ? 25 : 16;
}

/**
 * `count` equal tiles as large as they get, gaps of 8, the last row centred.
 * @param {number} count @param {Size} stage @returns {Box[]}
 */
export function grid(count, stage) {
  const { least, most } = shapes(stage);
  let best = { area: 0, columns: 1, w: 0, h: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cell = {
      w: (stage.width - GAP * (columns - 1)) / columns,
      h: (stage.height - GAP * (rows - 1)) / rows,
    };
    const w = Math.floor(Math.min(cell.w, cell.h * most));
    const h = Math.floor(Math.min(cell.h, w / least));
    if (w * h > best.area) best = { area: w * h, columns, w, h };
  }
  return rows(count, best.columns, best, stage);
}

/**
 * @param {number} count @param {number} columns @param {{w: number, h: number}} tile @param {Size} stage
 * @param {number} [top] where the rows begin; without it they are centred @returns {Box[]}
 */
function rows(count, columns, { w, h }, stage, top) {
  const lines = Math.ceil(count / columns);
  const start = top ?? Math.max(0, (stage.height - lines * h - (lines - 1) * GAP) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === lines - 1 ? count - row * columns : columns;
    const left = (stage.width - inRow * w - (inRow - 1) * GAP) / 2;
    return { x: Math.round(left + (index % columns) * (w + GAP)), y: Math.round(start + row * (h + GAP)), w, h };
  });
}

/** The other fills the stage, oneself small in a corner. @param {Size} stage @param {import("./types").Corner} [corner] @returns {{other: Box, own: Box}} */
export function two(stage, corner = "bottom_end") {
  const upright = stage.width < stage.height;
  const w = Math.round(Math.min(200, stage.width * (upright ? 0.3 : 0.24)));
  const h = Math.round(upright ? (w * 4) / 3 : (w * 9) / 16);
  return {
    other: { x: 0, y: 0, w: stage.width, h: stage.height },
    own: {
      x: corner.endsWith("end") ? stage.width - w - EDGE : EDGE,
      y: corner.startsWith("bottom") ? stage.height - h - EDGE : EDGE,
      w,
      h,
    },
  };
}

/** The corner that is next to a point. @param {{x: number, y: number}} point px from the inline start, and from the top @param {Size} stage @returns {import("./types").Corner} */
export const cornerAt = ({ x, y }, { width, height }) => `${y < height / 2 ? "top" : "bottom"}_${x < width / 2 ? "start" : "end"}`;

/**
 * @typedef {object} Presented
 * @property {Box} screen
 * @property {Box[]} tiles
 * @property {Box | null} more the "+14" tile
 */

/**
 * A shared screen with the people beside it: on top or at the side, whichever leaves the screen larger; under it on
 * upright stages, where there is room for more faces.
 * @param {number} people @param {number} ratio of the shared picture @param {Size} stage @param {boolean} tight no room
 *   for faces (an upright phone with its panel open) @returns {Presented}
 */
export function presented(people, ratio, stage, tight) {
  if (tight || !people) return { screen: centred(fit(ratio, stage), stage), tiles: [], more: null };
  if (stage.width < stage.height) return below(people, ratio, stage);
  const options = [onTop(people, ratio, stage), atSide(people, ratio, stage)];
  return options.reduce((best, each) => (area(each.screen) > area(best.screen) + 1 ? each : best));
}

/** @param {{w: number, h: number}} box */
const area = ({ w, h }) => w * h;

/** @param {number} ratio @param {Size} space @returns {{w: number, h: number}} */
function fit(ratio, { width, height }) {
  const w = Math.max(0, Math.floor(Math.min(width, height * ratio)));
  return { w, h: Math.max(0, Math.floor(Math.min(height, w / ratio))) };
}

/** @param {{w: number, h: number}} box @param {Size} stage @returns {Box} */
const centred = ({ w, h }, stage) => ({
  x: Math.round((stage.width - w) / 2),
  y: Math.round((stage.height - h) / 2),
  w,
  h,
});

/**
 * How many of `people` fit in `length` at `each` pixels; with some left out, room is kept for the "+14" tile.
 * @param {number} people @param {number} each @param {number} length @param {number} more
 */
function places(people, each, length, more) {
  const all = Math.floor((length + GAP) / (each + GAP));
  if (people <= all) return people;
  return Math.max(1, Math.floor((length - more) / (each + GAP)));
}

/** @param {number} people @param {number} ratio @param {Size} stage @returns {Presented} */
function onTop(people, ratio, stage) {
  const base = 90;
  const screen = fit(ratio, { width: stage.width, height: stage.height - base - GAP });
  const spare = stage.height - base - GAP - screen.h;
  const shown = places(people, STRIP_LEAST.w, stage.width, MORE);
  const hidden = people - shown;
  const room = (stage.width - (hidden ? MORE + GAP : 0) - (shown - 1) * GAP) / shown;
  const h = Math.floor(Math.min(base + spare, STRIP_MOST, Math.max(STRIP_LEAST.h, room / WIDE)));
  const w = Math.floor(Math.min(room, h * WIDE));
  const top = Math.max(0, Math.round((stage.height - h - GAP - screen.h) / 2));
  const length = shown * (w + GAP) - GAP + (hidden ? GAP + MORE : 0);
  const left = Math.round((stage.width - length) / 2);
  return {
    screen: { x: Math.round((stage.width - screen.w) / 2), y: top + h + GAP, ...screen },
    tiles: Array.from({ length: shown }, (_, index) => ({ x: left + index * (w + GAP), y: top, w, h })),
    more: hidden ? { x: left + shown * (w + GAP), y: top, w: MORE, h } : null,
  };
}

/** @param {number} people @param {number} ratio @param {Size} stage @returns {Presented} */
function atSide(people, ratio, stage) {
  const base = 160;
  const screen = fit(ratio, { width: stage.width - base - GAP, height: stage.height });
  const spare = stage.width - base - GAP - screen.w;
  const w = Math.floor(Math.min(base + spare, STRIP_MOST * WIDE));
  const h = Math.floor(w / WIDE);
  const more = Math.min(h, 56);
  const shown = places(people, h, stage.height, more + GAP);
  const hidden = people - shown;
  const left = Math.max(0, Math.round((stage.width - screen.w - GAP - w) / 2));
  const length = shown * (h + GAP) - GAP + (hidden ? GAP + more : 0);
  const top = Math.max(0, Math.round((stage.height - length) / 2));
  const x = left + screen.w + GAP;
  return {
    screen: { x: left, y: Math.round((stage.height - screen.h) / 2), ...screen },
    tiles: Array.from({ length: shown }, (_, index) => ({ x, y: top + index * (h + GAP), w, h })),
    more: hidden ? { x, y: top + shown * (h + GAP), w, h: more } : null,
  };
}

/** @param {number} people @param {number} ratio @param {Size} stage @returns {Presented} */
function below(people, ratio, stage) {
  const screen = fit(ratio, { width: stage.width, height: stage.height * 0.7 });
  const free = { width: stage.width, height: stage.height - screen.h - GAP };
  const columns = stage.width < 600 ? 2 : 3;
  const w = Math.floor((free.width - GAP * (columns - 1)) / columns);
  const fitting = (/** @type {number} */ tile) => Math.floor((free.height + GAP) / (tile + GAP));
  const wanted = Math.ceil(people / columns);
  const lines = Math.min(wanted, Math.max(1, fitting(Math.floor((w * 3) / 4))));
  const h = Math.max(0, Math.min(Math.floor((w * 3) / 4), Math.floor((free.height - GAP * (lines - 1)) / lines)));
  if (h < STRIP_LEAST.h) return { screen: centred(screen, stage), tiles: [], more: null };
  const seats = Math.min(people, lines * columns);
  const shown = seats < people ? seats - 1 : people;
  const boxes = rows(seats, columns, { w, h }, stage, screen.h + GAP).map((box) => box);
  return {
    screen: { x: Math.round((stage.width - screen.w) / 2), y: 0, ...screen },
    tiles: boxes.slice(0, shown),
    more: shown < people ? (boxes[shown] ?? null) : null,
  };
}
