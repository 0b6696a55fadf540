import { text } from "../text.js";
import { Dialog } from "../ui/dialog.js";
import { html } from "../ui/html.js";

/** Asks once, and says how many are inside. @param {{onClose: () => void} & Pick<import("../ui/act").Props, "state" | "act">} props */
export function EndDialog({ state, act, onClose }) {
  const count = Object.keys(state.people).length;
  return html`
    <${Dialog} title=${count > 1 ? text.endQuestion(count) : text.endQuestionAlone} onClose=${onClose}>
      <p>${text.endNote}</p>
      <div class="actions actions--end">
        <button type="button" class="button" autofocus onClick=${onClose}>${text.stay}</button>
        <button type="button" class="button button--danger" onClick=${() => { onClose(); act.endClass(); }}>${text.endForEveryone}</button>
      </div>
    <//>
  `;
}
