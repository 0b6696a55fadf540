import { Dialog } from "../ui/dialog.js";
import { html } from "../ui/html.js";
import { OwnCaptions } from "../room/captions.js";
import { Switch } from "../room/switch.js";
import { words } from "./words.js";

/** @typedef {import("../ui/act").Props} Props */

const NOISES = /** @type {const} */ (["standard", "strong", "off"]);

/** What is taken out of one's own sound, and original sound for music, which leaves all of it in. @param {{onClose: () => void} & Pick<Props, "state" | "act">} props */
export function SoundDialog({ state, act, onClose }) {
  const { noise, original } = state.effects;
  return html`
    <${Dialog} title=${words.sound} onClose=${onClose}>
      <fieldset class="choices" disabled=${original} aria-describedby=${original ? "noise-off" : undefined}>
        <legend>${words.noise}</legend>
        ${original && html`<p class="field__hint" id="noise-off">${words.noiseOff}</p>`}
        ${NOISES.map((each) => html`
          <label class="choice" key=${each}>
            <input type="radio" name="noise" value=${each} checked=${noise === each && !original} onChange=${() => act.treat({ noise: each })} />
            <span class="switch__words">${words.noises[each]}<span class="field__hint">${words.noiseHints[each]}</span></span>
          </label>
        `)}
      </fieldset>
      <div class="switches switches--apart">
        <${Switch} word=${words.original} hint=${words.originalHint} on=${original} turn=${(/** @type {boolean} */ on) => act.treat({ original: on })} />
      </div>
      <${OwnCaptions} state=${state} act=${act} />
      <div class="actions actions--end"><button type="button" class="button" onClick=${onClose}>${words.close}</button></div>
    <//>
  `;
}
