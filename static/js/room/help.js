import { html, useState } from "../ui/html.js";
import { Dialog } from "../ui/dialog.js";
import { words } from "./keywords.js";
import { chooseKeys, keyChoices } from "./keychoices.js";
import { SHORTCUTS, written } from "./shortcuts.js";
import { Switch } from "./switch.js";

/** @typedef {import("./shortcuts").Shortcut} Shortcut */

/** All keys that work here, to read, search, print and turn off. @param {{state: import("../state/types").State, onClose: () => void}} props */
export const HelpDialog = ({ state, onClose }) => html`
  <${Dialog} title=${words.title} onClose=${onClose}>
    <${Keys} shortcuts=${SHORTCUTS.filter(({ works }) => !works || works(state))} />
    <div class="actions actions--end">
      <button type="button" class="button button--quiet" onClick=${() => print()}>${words.print}</button>
      <button type="button" class="button" onClick=${onClose}>${words.close}</button>
    </div>
  <//>
`;

/** To read, search and turn off. @param {{shortcuts: Shortcut[]}} props */
export function Keys({ shortcuts }) {
  const [sought, setSought] = useState("");
  const { on, letters } = keyChoices.value;
  const found = shortcuts.filter((each) => (each.keys || letters) && matches(each, sought));
  return html`
    <input type="search" class="input keys__search" aria-label=${words.search} placeholder=${words.search} onInput=${(/** @type {Event} */ event) => setSought(/** @type {HTMLInputElement} */ (event.target).value)} />
    <div class="keys" role="region" aria-label=${words.title} tabindex="0">
      ${/** @type {const} */ (["you", "class", "window"]).map((group) => html`<${Group} key=${group} title=${words.groups[group]} rows=${found.filter((each) => each.group === group)} letters=${letters} />`)}
      <p class="keys__none" role="status">${found.length ? "" : words.none(sought)}</p>
    </div>
    <div class="switches keys__switches">
      <${Switch} word=${words.on} hint=${words.onNote} on=${on} turn=${(/** @type {boolean} */ now) => chooseKeys({ on: now })} />
      <${Switch} word=${words.letters} hint=${words.lettersNote} on=${letters} turn=${(/** @type {boolean} */ now) => chooseKeys({ letters: now })} />
    </div>
  `;
}

/** @param {{title: string, rows: Shortcut[], letters: boolean}} props */
const Group = ({ title, rows, letters }) =>
  rows.length > 0 &&
  html`
    <h3>${title}</h3>
    <dl>${rows.map((each) => html`<${KeyRow} key=${each.name} does=${words.does[each.name]} keys=${ways(each, letters)} />`)}</dl>
  `;

/** @param {{does: string, keys: string[]}} props */
export const KeyRow = ({ does, keys }) => html`<div><dt>${does}</dt><dd>${keys.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dd></div>`;

/** @param {Shortcut} shortcut @param {boolean} letters */
const ways = ({ keys, letter }, letters) => [...(keys ? [written(keys, words.names)] : []), ...(letters && letter ? [letter] : [])];

/** @param {Shortcut} shortcut @param {string} sought */
const matches = (shortcut, sought) =>
  `${words.does[shortcut.name]} ${ways(shortcut, true).join(" ")}`.toLocaleLowerCase().includes(sought.trim().toLocaleLowerCase());
