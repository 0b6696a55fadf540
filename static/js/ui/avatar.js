import { initials } from "./initials.js";
import { html } from "./html.js";

/** @param {{name: string, hue: number, size?: "large" | "small"}} props */
export const Avatar = ({ name, hue, size }) => html`
  <span class=${`avatar hue-${hue} ${size ? `avatar--${size}` : ""}`} aria-hidden="true">${initials(name)}</span>
`;
