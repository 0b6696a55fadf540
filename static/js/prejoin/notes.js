import { words as effects } from "../effects/words.js";
import { look } from "../state/views.js";
import { text } from "../text.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../state/types").DeviceKind} DeviceKind */

/** What keeps a device from working, and how to mend it. @param {Pick<Props, "state" | "act">} props */
export function DeviceNotes({ state, act }) {
  const effect = state.notice?.what.kind === "effect" && html`<${Note} icon="image">${effects.told[state.notice.what.what]}<//>`;
  if (!globalThis.navigator?.mediaDevices) return html`<${Note} icon="info">${text.noMediaHere}<//>`;
  const kinds = /** @type {DeviceKind[]} */ (["mic", "camera"]);
  const looks = kinds.map((kind) => /** @type {const} */ ([kind, look(state[kind])]));
  const blocked = looks.filter(([, now]) => now === "blocked").map(([kind]) => kind);
  const others = looks.filter(([, now]) => now === "busy" || now === "missing");
  if (looks.some(([, now]) => now === "asking") && !hasLabels(state)) return html`<${Note} icon="info" plain>${text.allow}<//>`;
  return html`
    ${effect}
    ${blocked.length > 0 &&
    html`<${Note} icon=${blocked[0] === "mic" ? "mic-off" : "video-off"} again=${() => blocked.forEach(act.tryAgain)}>
      ${text.blockedNote(blocked)}
    <//>`}
    ${others.map(
      ([kind, now]) => html`
        <${Note} key=${kind} icon=${kind === "mic" ? "mic-off" : "video-off"} again=${now === "busy" ? () => act.tryAgain(kind) : null}>
          ${now === "busy" ? text.busy[kind] : text.missing[kind]}
        <//>
      `,
    )}
  `;
}

/** Device names are hidden until the person has answered once. @param {import("../state/types").State} state */
const hasLabels = (state) => state.choices.mic.length + state.choices.camera.length > 0;

/** @param {{icon: string, plain?: boolean, again?: (() => void) | null, children?: any}} props */
const Note = ({ icon, plain, again, children }) => html`
  <div class=${plain ? "note" : "note note--warn"} role="status">
    <${Icon} name=${icon} />
    <div>
      <span>${children}</span>
      ${again && html`<button type="button" class="button button--row" onClick=${again}>${text.tryAgain}</button>`}
    </div>
  </div>
`;
