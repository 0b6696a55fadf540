import { words } from "../effects/words.js";
import { may } from "../state/leading.js";
import { look } from "../state/views.js";
import { text } from "../text.js";
import { html, useEffect, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { LevelInIcon, LevelMeter } from "../ui/level.js";
import { Menu } from "../ui/menu.js";
import { BarButton } from "./button.js";
import { LockedButton } from "./locked.js";
import { Mend } from "./mend.js";

/** @typedef {import("./header").Parts} Parts */
/** @typedef {import("../state/types").DeviceKind} DeviceKind */
/** @typedef {import("../state/types").OutputKind} OutputKind */

/** @type {Record<DeviceKind, Record<ReturnType<typeof look>, string>>} */
export const WORDS = {
  mic: { on: text.mute, off: text.unmute, asking: text.asking, blocked: text.blocked, busy: text.inUse, missing: text.noMic },
  camera: { on: text.stopVideo, off: text.startVideo, asking: text.asking, blocked: text.blocked, busy: text.inUse, missing: text.noCamera },
};
const ICONS = { mic: "mic", camera: "video" };
const KEYS = { mic: "Ctrl+D", camera: "Ctrl+E" };

/** What is wrong, with what. @param {DeviceKind} device @param {ReturnType<typeof look>} now */
export const trouble = (device, now) => `${WORDS[device][now]}: ${text.devices[device]}`;

/** Microphone or camera: a split button, its menu chooses the device. @param {{device: DeviceKind} & Parts} props */
export const DeviceButton = (props) =>
  may(props.state, props.device) ? html`<${OwnDevice} ...${props} />` : html`<${LockedButton} what=${props.device} state=${props.state} act=${props.act} />`;

/** @param {{device: DeviceKind} & Parts} props */
function OwnDevice({ device, state, act, form, treat, choosing, onChoosing }) {
  const [mending, setMending] = useState(false);
  useEffect(() => () => onChoosing((now) => (now === device ? null : now)), []); // a button that comes back has its menu shut
  const now = look(state[device]);
  const works = now === "on" || now === "off" || now === "asking";
  const name = works ? undefined : trouble(device, now);
  const caret = form === "wide" || form === "middle";
  return html`
    <div class=${`split split--${now} menu-anchor`}>
      <${BarButton}
        look=${now}
        icon=${now === "on" || now === "asking" ? ICONS[device] : `${ICONS[device]}-off`}
        word=${WORDS[device][now]}
        forms=${[WORDS[device].on, WORDS[device].off, WORDS[device].asking]}
        name=${name}
        keys=${works ? KEYS[device] : undefined}
        busy=${now === "asking"}
        expanded=${works ? undefined : mending}
        act=${() => (works ? act.toggle(device) : setMending(!mending))}
      >
        ${device === "mic" && now === "on" && html`<${LevelInIcon} act=${act} />`}
      <//>
      ${caret &&
      html`<button
        type="button"
        class="split__caret"
        aria-label=${device === "mic" ? text.microphoneMenu : text.cameraMenu}
        aria-haspopup="menu"
        aria-expanded=${String(choosing === device)}
        onClick=${() => onChoosing(choosing === device ? null : device)}
      >
        <${Icon} name="chevron-up" />
      </button>`}
      ${choosing === device &&
      html`<${Menu} label=${device === "mic" ? text.microphoneMenu : text.cameraMenu} groups=${groups(device, state, act, treat)} onClose=${() => onChoosing(null)}>
        ${device === "mic" && state.mic.state === "on" && html`<div class="menu__level" aria-hidden="true"><${LevelMeter} act=${act} /></div>`}
      <//>`}
      ${mending && html`<${Mend} device=${device} state=${state} act=${act} onClose=${() => setMending(false)} />`}
    </div>
  `;
}

/** Devices of a kind, and what is done to what they give. @param {DeviceKind} device @param {Parts["state"]} state @param {Parts["act"]} act @param {Parts["treat"]} treat @returns {import("../ui/menu").Group[]} */
export function groups(device, state, act, treat) {
  return [...devices(device, state, act), { rows: treatments(device, state, act, treat) }];
}

/** @param {DeviceKind} device @param {Parts["state"]} state @param {Parts["act"]} act @param {Parts["treat"]} treat @returns {import("../ui/menu").Row[]} */
function treatments(device, { effects }, act, treat) {
  const { original, background } = effects;
  return device === "mic"
    ? [
        { label: words.original, checked: original, several: true, act: () => act.treat({ original: !original }) },
        { label: words.soundSettings, icon: "sliders-horizontal", act: () => treat("sound") },
      ]
    : [
        { label: words.blurred, checked: background === "blur", several: true, act: () => act.treat({ background: background === "blur" ? "" : "blur" }) },
        { label: words.background, icon: "image", act: () => treat("background") },
      ];
}

/** @param {DeviceKind} device @param {Parts["state"]} state @param {Parts["act"]} act @returns {import("../ui/menu").Group[]} */
function devices(device, state, act) {
  const kinds = /** @type {OutputKind[]} */ (device === "mic" ? ["mic", "speaker"] : ["camera"]);
  return kinds
    .filter((kind) => kind !== "speaker" || state.choices.speaker.length)
    .map((kind) => ({
      title: text.devices[kind],
      empty: text.noDeviceListed,
      rows: choices(kind, state).map(({ id, label }) => ({ label, checked: id === state.chosen[kind], act: () => act.choose(kind, id) })),
    }));
}

/** The system's own choice of a speaker is one of them. @param {OutputKind} kind @param {Parts["state"]} state */
function choices(kind, state) {
  const all = state.choices[kind];
  return kind === "speaker" ? [{ id: "", label: text.systemDefault }, ...all.filter(({ id }) => id !== "default")] : all;
}
