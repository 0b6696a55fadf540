import { words } from "../leading/words.js";
import { Dialog } from "../ui/dialog.js";
import { html, useRef, useState } from "../ui/html.js";

const LONGEST = 200;

/** Asks before somebody is put out; a reason is optional, barring a choice of its own. @param {{person: import("../state/types").Person, act: import("../ui/act").Act, onClose: () => void}} props */
export function RemoveDialog({ person, act, onClose }) {
  const [bar, setBar] = useState(false);
  const reason = useRef(/** @type {HTMLInputElement | null} */ (null));
  const remove = (/** @type {Event} */ event) => {
    event.preventDefault();
    act.lead({ type: "remove", participant: person.id, reason: reason.current?.value.trim() ?? "", bar });
    onClose();
  };
  return html`
    <${Dialog} title=${words.removeTitle(person.name)} onClose=${onClose}>
      <form class="leading-form" onSubmit=${remove}>
        <p>${words.removeNote}</p>
        <div class="field">
          <label for="remove-reason">${words.reason}</label>
          <input ref=${reason} id="remove-reason" class="input" maxlength=${LONGEST} autocomplete="off" />
        </div>
        <label class="check">
          <input type="checkbox" checked=${bar} onChange=${() => setBar(!bar)} />
          <span>${words.bar}<span class="field__hint">${words.barNote}</span></span>
        </label>
        <div class="actions actions--end">
          <button type="button" class="button" autofocus onClick=${onClose}>${words.cancel}</button>
          <button type="submit" class="button button--danger">${bar ? words.removeAndBar : words.removeYes}</button>
        </div>
      </form>
    <//>
  `;
}
