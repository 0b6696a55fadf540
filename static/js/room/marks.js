import { marks } from "../recording/marks.js";
import { canMark } from "../state/views.js";
import { Dialog } from "../ui/dialog.js";
import { html, useRef } from "../ui/html.js";
import { BarButton } from "./button.js";

/** @typedef {import("../ui/act").Props} Props */

const LONGEST = 80;
const LONG_AGO = 600; // seconds

/** A title for the moment in which it was opened; typing takes nothing from it. @param {{act: Props["act"], onClose: () => void}} props */
export function MarkDialog({ act, onClose }) {
  const since = useRef(performance.now());
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const keep = (/** @type {Event} */ event) => {
    event.preventDefault();
    const ago = Math.round((performance.now() - since.current) / 1000);
    act.markMoment(field.current?.value.trim() ?? "", Math.min(ago, LONG_AGO));
    onClose();
  };
  return html`
    <${Dialog} title=${marks.mark} onClose=${onClose}>
      <form onSubmit=${keep}>
        <div class="field">
          <label for="mark-title">${marks.title} <span class="field__optional">(${marks.optional})</span></label>
          <input ref=${field} id="mark-title" class="input" maxlength=${LONGEST} autocomplete="off" autofocus aria-describedby="mark-hint" />
          <p class="field__hint" id="mark-hint">${marks.hint}</p>
        </div>
        <div class="actions actions--end">
          <button type="button" class="button" onClick=${onClose}>${marks.cancel}</button>
          <button type="submit" class="button button--primary">${marks.keep}</button>
        </div>
      </form>
    <//>
  `;
}

/** A student's, while it records. @param {Pick<Props, "state" | "act">} props */
export const LostButton = ({ state, act }) =>
  canMark(state) && html`<${BarButton} look="plain" icon="circle-help" word=${marks.lostShort} name=${marks.lost} hint=${marks.lostHint} act=${act.lostHere} />`;
