import { leads } from "../state/leading.js";
import { Dialog } from "../ui/dialog.js";
import { html } from "../ui/html.js";
import { words } from "./alertwords.js";
import { Switch } from "./switch.js";

/** What this person wants to hear of: each switch counts at once, on this device. @param {{onClose: () => void} & Pick<import("../ui/act").Props, "state" | "act">} props */
export function AlertsDialog({ state, act, onClose }) {
  const row = (/** @type {keyof import("../state/types").Alerts} */ what) => html`<${Switch} word=${words.alert[what]} hint=${words.hint[what]} on=${state.alerts[what]} turn=${(/** @type {boolean} */ on) => act.alert({ [what]: on })} />`;
  return html`
    <${Dialog} title=${words.title} onClose=${onClose}>
      <div class="switches" role="group" aria-labelledby="chimes">
        <h3 class="switches__title" id="chimes">${words.chimes}</h3>
        ${leads(state) && row("hands")}
        ${leads(state) && row("knock")}
        ${row("whisper")}
      </div>
      ${leads(state) && html`<div class="switches switches--apart">${row("people")}</div>`}
      <div class="actions actions--end"><button type="button" class="button" onClick=${onClose}>${words.close}</button></div>
    <//>
  `;
}
