import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { LevelMeter } from "../ui/level.js";
import { useMedia } from "../ui/time.js";
import { Extras } from "./extras.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../state/types").OutputKind} OutputKind */

export const FOLDED = "(max-width: 639.98px), (max-height: 500px)";
const ICONS = /** @type {const} */ ({ mic: "mic", camera: "video", speaker: "volume-2" });

/** Which microphone, camera and speaker; one folded row on phones, with what is offered besides. @param {Props} props */
export function DeviceFields({ state, act, page }) {
  const phone = useMedia(FOLDED);
  const [open, setOpen] = useState(false);
  const speakers = state.choices.speaker.length > 0;
  const fields = html`
    <div class="prejoin__fields" id="devices">
      <div class="prejoin__mic">
        <${DeviceField} kind="mic" state=${state} act=${act} />
        ${state.mic.state === "on" && html`<${LevelMeter} act=${act} />`}
      </div>
      <${DeviceField} kind="camera" state=${state} act=${act} />
      ${speakers && html`<${DeviceField} kind="speaker" state=${state} act=${act} />`}
      ${phone && html`<${Extras} state=${state} act=${act} page=${page} />`}
    </div>
  `;
  if (!phone) return fields;
  return html`
    <div class="folded">
      <button type="button" class="folded__button" aria-expanded=${String(open)} aria-controls="devices" onClick=${() => setOpen(!open)}>
        <${Icon} name="settings" /><span>${text.devicesFolded}</span><${Icon} name=${open ? "chevron-up" : "chevron-down"} />
      </button>
      ${!open && state.mic.state === "on" && html`<${LevelMeter} act=${act} />`}
      ${open && fields}
    </div>
  `;
}

/** @param {{kind: OutputKind} & Pick<Props, "state" | "act">} props */
function DeviceField({ kind, state, act }) {
  const choices = state.choices[kind];
  const id = `device-${kind}`;
  return html`
    <div class="field">
      <label for=${id}>${text.devices[kind]}</label>
      <div class="picker">
        <${Icon} name=${ICONS[kind]} />
        <select
          class="input"
          id=${id}
          disabled=${!choices.length}
          value=${state.chosen[kind]}
          onChange=${(/** @type {Event} */ event) => act.choose(kind, /** @type {HTMLSelectElement} */ (event.target).value)}
        >
          ${!choices.length && html`<option value="">${text.noDeviceListed}</option>`}
          ${kind === "speaker" && choices.length > 0 && html`<option value="" selected=${!state.chosen.speaker}>${text.systemDefault}</option>`}
          ${choices
            .filter(({ id: choice }) => kind !== "speaker" || choice !== "default")
            .map(({ id: choice, label }) => html`<option key=${choice} value=${choice} selected=${choice === state.chosen[kind]}>${label}</option>`)}
        </select>
        <${Icon} name="chevron-down" />
      </div>
    </div>
  `;
}
