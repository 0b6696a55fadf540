import { words } from "../guests/words.js";
import { leads } from "../state/leading.js";
import { Avatar } from "../ui/avatar.js";
import { Dialog } from "../ui/dialog.js";
import { html, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../classroom/protocol").WaitingPerson} WaitingPerson */

const LONGEST = 200;

/** Who waits to be let in, longest first, for those who lead. @param {Pick<Props, "state" | "act">} props */
export function WaitingPeople({ state, act }) {
  const [refusing, setRefusing] = useState(/** @type {WaitingPerson | null} */ (null));
  const { waiting } = state;
  if (!leads(state) || (!waiting.length && !refusing)) return null;
  return html`
    <section class="people__waiting">
      <div class="people__head">
        <h2 class="people__title">${words.waiting} <bdi>${waiting.length}</bdi></h2>
        ${waiting.length > 1 && html`<button type="button" class="as-link" onClick=${() => act.lead({ type: "let_in" })}>${words.letAllIn}</button>`}
      </div>
      <ul role="list">
        ${waiting.map((person) => html`<${Row} key=${person.id} person=${person} act=${act} refuse=${() => setRefusing(person)} />`)}
      </ul>
      ${refusing && html`<${RefuseDialog} person=${refusing} act=${act} onClose=${() => setRefusing(null)} />`}
    </section>
  `;
}

/** @param {{person: WaitingPerson, act: Props["act"], refuse: () => void}} props */
const Row = ({ person: { id, name, hue, link }, act, refuse }) => html`
  <li class="person-row person-row--waiting">
    <${Avatar} name=${name} hue=${hue} />
    <span class="person-row__name"><bdi>${name}</bdi>${link && html`<small class="person-row__why">${words.by(link)}</small>`}</span>
    <button type="button" class="button button--row" aria-label=${words.letInNamed(name)} onClick=${() => act.lead({ type: "let_in", participant: id })}>${words.letIn}</button>
    <button type="button" class="button button--quiet icon-button icon-button--row" aria-label=${words.refuseNamed(name)} data-tip=${words.refuse} onClick=${refuse}><${Icon} name="x" /></button>
  </li>
`;

/** @param {{person: WaitingPerson, act: Props["act"], onClose: () => void}} props */
function RefuseDialog({ person, act, onClose }) {
  const reason = useRef(/** @type {HTMLInputElement | null} */ (null));
  const refuse = (/** @type {Event} */ event) => {
    event.preventDefault();
    act.lead({ type: "turn_away", participant: person.id, reason: reason.current?.value.trim() ?? "" });
    onClose();
  };
  return html`
    <${Dialog} title=${words.refuseTitle(person.name)} onClose=${onClose}>
      <form class="leading-form" onSubmit=${refuse}>
        <p>${words.refuseNote}</p>
        <div class="field">
          <label for="refuse-word">${words.word}</label>
          <input ref=${reason} id="refuse-word" class="input" maxlength=${LONGEST} autocomplete="off" />
        </div>
        <div class="actions actions--end">
          <button type="button" class="button" autofocus onClick=${onClose}>${words.keep}</button>
          <button type="submit" class="button button--danger">${words.refuseYes}</button>
        </div>
      </form>
    <//>
  `;
}
