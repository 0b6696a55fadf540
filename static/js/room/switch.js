import { html } from "../ui/html.js";

/** On or off, at once. @param {{word: string, hint?: string, on: boolean, turn: (on: boolean) => void}} props */
export const Switch = ({ word, hint, on, turn }) => html`
  <label class="switch">
    <span class="switch__words">${word}${hint && html`<span class="field__hint">${hint}</span>`}</span>
    <input type="checkbox" role="switch" class="switch__box" checked=${on} aria-checked=${String(on)} onChange=${(/** @type {Event} */ event) => turn(/** @type {HTMLInputElement} */ (event.target).checked)} />
  </label>
`;
