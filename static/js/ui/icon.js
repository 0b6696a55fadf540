import { html } from "./html.js";

let sprite = "";

/** @param {string} url of the sprite with every icon */
export function drawFrom(url) {
  sprite = url;
}

/** Always beside a word or inside something with a name. @param {{name: string, mirrors?: boolean}} props */
export const Icon = ({ name, mirrors }) => html`
  <svg class=${mirrors ? "icon icon-mirrors" : "icon"} aria-hidden="true" focusable="false">
    <use href=${`${sprite}#${name}`}></use>
  </svg>
`;
