/** One's own small picture is dragged to a corner of the stage; the keyboard has its menu for that. */
import { cornerAt } from "../state/layout.js";

const STARTS = 6; // px; less is a click

/** Of the tile that is dragged. @param {((corner: import("../state/types").Corner) => void) | null} move null: it stays where it is */
export const draggedBy = (move) => (move ? { onPointerDown: (/** @type {PointerEvent} */ down) => down.button === 0 && follow(down, move) } : {});

/** @param {PointerEvent} down @param {(corner: import("../state/types").Corner) => void} move */
function follow(down, move) {
  const tile = /** @type {HTMLElement} */ (down.currentTarget);
  const { signal, abort } = until();
  let drags = false;
  const moved = (/** @type {PointerEvent} */ { clientX, clientY, pointerId }) => {
    const [x, y] = [clientX - down.clientX, clientY - down.clientY];
    if (pointerId !== down.pointerId || (!drags && Math.hypot(x, y) < STARTS)) return;
    if (!drags) tile.setPointerCapture(pointerId);
    drags = tile.toggleAttribute("data-dragged", true);
    tile.style.transform = `translate(${x}px, ${y}px)`;
  };
  const over = (/** @type {boolean} */ there) => {
    abort();
    if (!drags) return;
    const corner = there && tile.isConnected ? cornerOf(tile) : null;
    tile.removeAttribute("data-dragged");
    tile.style.transform = "";
    withoutClick();
    if (corner) move(corner);
  };
  addEventListener("pointermove", moved, { signal });
  addEventListener("pointerup", () => over(true), { signal });
  addEventListener("pointercancel", () => over(false), { signal });
}

function until() {
  const ends = new AbortController();
  return { signal: ends.signal, abort: () => ends.abort() };
}

/** @param {HTMLElement} tile @returns {import("../state/types").Corner} */
function cornerOf(tile) {
  const box = tile.getBoundingClientRect();
  const stage = /** @type {HTMLElement} */ (tile.parentElement).getBoundingClientRect();
  const x = box.left + box.width / 2;
  const fromStart = document.documentElement.dir === "rtl" ? stage.right - x : x - stage.left;
  return cornerAt({ x: fromStart, y: box.top + box.height / 2 - stage.top }, stage);
}

/** What was let go was not pressed: its name opens no menu. */
function withoutClick() {
  const { signal, abort } = until();
  addEventListener("click", (event) => event.stopPropagation(), { capture: true, signal });
  setTimeout(abort);
}
