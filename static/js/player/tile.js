import { html, useLayoutEffect, useRef } from "../ui/html.js";
import { HEIGHT, WIDTH } from "./storyboard.js";

/** What was large at a moment; nothing where there are no small pictures. @param {{film: import("./film").Film, time: number}} props */
export function Tile({ film, time }) {
  const { storyboard } = film;
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const index = storyboard.ready ? Math.floor(time / storyboard.every) : -1;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) storyboard.draw(context, time);
  }, [index]);
  return storyboard.ready && html`<canvas ref=${canvas} class="player__tile" width=${WIDTH} height=${HEIGHT} aria-hidden="true"></canvas>`;
}
