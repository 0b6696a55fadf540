import { html, useState } from "../ui/html.js";
import { Dialog } from "../ui/dialog.js";
import { words } from "./keywords.js";
import { chooseKeys, keyChoices } from "./keychoices.js";
import { SHORTCUTS, written } from "./shortcuts.js";
import { Switch } from "./switch.js";

/** @typedef {import("./shortcuts").Shortcut} Shortcut */

/** All keys, to read, search, print and turn off. @param {{state: import("../state/types").State, onClose: () => void}} props */
export function HelpDialog({ state, onClose }) {
  const [sought, setSought] = useState("");
  const { on, letters } = keyChoices.value;
  const known = SHORTCUTS.filter(({ works, keys }) => (!works || works(state)) && (keys || letters));
  const found = known.filter((each) => matches(each, sought));
  return html`
    <${Dialog} title=${words.title} onClose=${onClose}>
      <input type="search" class="input keys__search" aria-label=${words.search} placeholder=${words.search} onInput=${(/** @type {Event} */ event) => setSought(/** @type {HTMLInputElement} */ (event.target).value)} />
      <div class="keys" role="region" aria-label=${words.title} tabindex="0">
        ${/** @type {const} */ (["you", "class", "window"]).map((group) => html`<${Group} key=${group} title=${words.groups[group]} rows=${found.filter((each) => each.group === group)} letters=${letters} />`)}
        <p class="keys__none" role="status">${found.length ? "" : words.none(sought)}</p>
      </div>
      <div class="switches keys__switches">
        <${Switch} word=${words.on} hint=${words.onNote} on=${on} turn=${(/** @type {boolean} */ now) => chooseKeys({ on: now })} />
        <${Switch} word=${words.letters} hint=${words.lettersNote} on=${letters} turn=${(/** @type {boolean} */ now) => chooseKeys({ letters: now })} />
      </div>
      <div class="actions actions--end">
        <button type="button" class="button button--quiet" onClick=${() => print()}>${words.print}</button>
        <button type="button" class="button" onClick=${onClose}>${words.close}</button>
      </div>
    <//>
  `;
}

/** @param {{title: string, rows: Shortcut[], letters: boolean}} props */
const Group = ({ title, rows, letters }) =>
  rows.length > 0 &&
  html`
    <h3>${title}</h3>
    <dl>${rows.map((each) => html`<div key=${each.name}><dt>${words.does[each.name]}</dt><dd>${ways(each, letters).map((keys) => html`<kbd key=${keys}>${keys}</kbd>`)}</dd></div>`)}</dl>
  `;

/** @param {Shortcut} shortcut @param {boolean} letters */
const ways = ({ keys, letter }, letters) => [...(keys ? [written(keys, words.names)] : []), ...(letters && letter ? [letter] : [])];

/** @param {Shortcut} shortcut @param {string} sought */
const matches = (shortcut, sought) =>
  `${words.does[shortcut.name]} ${ways(shortcut, true).join(" ")}`.toLocaleLowerCase().includes(sought.trim().toLocaleLowerCase());
