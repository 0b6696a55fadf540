import { text } from "../text.js";
import { html, useEffect, useRef } from "./html.js";

/** @typedef {import("./act").Act} Act */

/** Draws the level without asking the page to be drawn anew. @param {Act} act @param {(element: HTMLElement, level: number) => void} draw */
function useLevel(act, draw) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => act.onLevel((level) => element.current && draw(element.current, level)), []);
  return element;
}

const SEGMENTS = Array.from({ length: 20 }, (_, index) => index);

/** Twenty segments that light up. @param {{act: Act}} props */
export function LevelMeter({ act }) {
  const meter = useLevel(act, (element, level) => {
    element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    [...element.children].forEach((segment, index) => segment.classList.toggle("on", index < Math.round(level * 20)));
  });
  return html`
    <div ref=${meter} class="level" role="meter" aria-label=${text.levelLabel} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0">
      ${SEGMENTS.map((index) => html`<span key=${index}></span>`)}
    </div>
  `;
}

/** The level inside the microphone's icon. @param {{act: Act}} props */
export function LevelInIcon({ act }) {
  const capsule = useLevel(act, (element, level) => element.style.setProperty("--level", level.toFixed(2)));
  return html`<span ref=${capsule} class="bar__level" aria-hidden="true"></span>`;
}
