import { words } from "../guests/words.js";
import { look } from "../state/views.js";
import { text } from "../text.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {Pick<import("../ui/act").Props, "state" | "act">} Props */

/** Somebody in the waiting room: what they wait for, what works meanwhile, and the way out. @param {Props} props */
export const InWaitingRoom = ({ state, act }) => html`
  <div class="prejoin__entry">
    <div class="note note--warn waiting" role="status">
      <${Icon} name="hourglass" />
      <div>
        <b>${state.you.sent_back ? words.sentBack : words.inWaitingRoom}</b>
        <span>${waitsFor(state)}${state.you.place && ` ${text.yourPlace(state.you.place)}`}</span>
      </div>
    </div>
    <ul class="ready" role="list" aria-label=${words.ready}>
      <${DeviceLine} device="mic" state=${state} act=${act} />
      <${DeviceLine} device="camera" state=${state} act=${act} />
      <${ConnectionLine} state=${state} />
    </ul>
    <button type="button" class="button button--large button--wide" onClick=${act.stopWaiting}>${words.leave}</button>
  </div>
`;

/** @param {Props["state"]} state */
function waitsFor({ you, session }) {
  if (you.sent_back) return words.untilLetIn;
  return (session.state === "live" ? words.told : words.notYet)(session.teacher);
}

const SLASHED = { mic: "mic-off", camera: "video-off" };

/** How to mend one that does not work stands above (notes.js). @param {{device: import("../state/types").DeviceKind} & Props} props */
function DeviceLine({ device, state, act }) {
  const now = look(state[device]);
  const said = words.devices[device];
  if (now === "on") return html`<${Line} look="good">${said.on}<//>`;
  if (now === "asking") return html`<${Line} look="plain" icon=${SLASHED[device]}>${said.asking}<//>`;
  if (now !== "off") return html`<${Line} look="warn">${said.broken}<//>`;
  return html`
    <${Line} look="plain" icon=${SLASHED[device]}>
      ${said.off}
      <button type="button" class="button button--row" aria-label=${words.turnOn[device]} onClick=${() => act.toggle(device)}>${words.turnOnShort}</button>
    <//>
  `;
}

/** @param {Pick<Props, "state">} props */
const ConnectionLine = ({ state }) => (state.socket === "open" ? html`<${Line} look="good">${words.connected}<//>` : html`<${Line} look="warn">${words.reconnecting}<//>`);

const ICONS = { good: "circle-check", warn: "triangle-alert", plain: "" };

/** @param {{look: "good" | "warn" | "plain", icon?: string, children?: any}} props */
const Line = ({ look, icon, children }) => html`<li class=${`ready__line ready__line--${look}`}><${Icon} name=${icon ?? ICONS[look]} />${children}</li>`;
