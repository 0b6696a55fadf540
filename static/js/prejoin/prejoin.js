import { isInWaitingRoom } from "../state/lobby.js";
import { isFull, look, mayEnter, tracksOf } from "../state/views.js";
import { words as recording } from "../recording/words.js";
import { text } from "../text.js";
import { countdown } from "../ui/times.js";
import { words as leadingWords } from "../leading/words.js";
import { words as guests } from "../guests/words.js";
import { Avatar } from "../ui/avatar.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Picture } from "../ui/picture.js";
import { PageHeader } from "../ui/page.js";
import { useMedia, useNow } from "../ui/time.js";
import { Extras } from "./extras.js";
import { DeviceFields, FOLDED } from "./fields.js";
import { InWaitingRoom } from "./lobby.js";
import { DeviceNotes } from "./notes.js";

/** @typedef {import("../ui/act").Props} Props */

/** Before the class: see oneself, choose devices, join. Joining never waits for a device. @param {Props} props */
export const Prejoin = ({ state, act, page }) => html`
  <div class="shell">
    <${PageHeader} page=${page} back=${page.urls.course} />
    <main class="prejoin" id="content">
      <${Seen} state=${state} act=${act} page=${page} />
      <section class="prejoin__side">
        <div class="prejoin__words">
          <p class="badges"><${StateBadge} state=${state} />${page.recorded && html`<span class="badge badge--danger"><${Icon} name="disc" />${recording.ahead}</span>`}</p>
          <h1 class="prejoin__title">${state.session.title}</h1>
          <p class="prejoin__sub">
            ${state.session.state === "live" && (state.here > 0 || !(state.you.role === "guest" || state.you.sent_back))
              ? text.courseAndPeople({ course: state.session.course, names: state.names, here: state.here })
              : text.courseAndTime(state.session)}
          </p>
        </div>
        ${state.you.role === "guest" && html`<p class="prejoin__name">${guests.as} <b><bdi>${state.you.name}</bdi></b>${page.urls.door && html` · <a href=${page.urls.door}>${guests.change}</a>`}</p>`}
        <${DeviceFields} state=${state} act=${act} page=${page} />
        <${DeviceNotes} state=${state} act=${act} />
        <${Entry} state=${state} act=${act} page=${page} />
      </section>
    </main>
  </div>
`;

/** @param {Pick<Props, "state">} props */
function StateBadge({ state }) {
  const [kind, word] =
    state.phase === "waiting" ? ["warn", text.badges.waiting]
    : state.you.elsewhere ? ["warn", text.badges.elsewhere]
    : state.session.state === "live" ? ["good", text.badges.now]
    : ["plain", text.badges.soon];
  return html`<span class=${`badge badge--${kind}`}><span class="badge__dot"></span>${word}</span>`;
}

/** @param {Props} props */
function Seen(props) {
  const folded = useMedia(FOLDED);
  return html`
    <div class="prejoin__seen">
      <${Preview} state=${props.state} act=${props.act} />
      ${!folded && html`<${Extras} ...${props} />`}
    </div>
  `;
}

/** @param {Pick<Props, "state" | "act">} props */
function Preview({ state, act }) {
  const camera = tracksOf(state, state.you.id ?? "").camera;
  const shown = camera?.media && !camera.muted;
  return html`
    <section class="preview" aria-label=${text.preview}>
      ${shown
        ? html`<${Picture} media=${camera.media} mirrored />`
        : html`<div class="preview__off">
            <${Avatar} name=${state.you.name} hue=${state.you.hue} size="large" />
            <p>${look(state.camera) === "asking" ? text.cameraStarting : text.cameraIsOff}</p>
          </div>`}
      <div class="preview__buttons">
        <${PreviewButton} device="mic" state=${state} act=${act} />
        <${PreviewButton} device="camera" state=${state} act=${act} />
      </div>
    </section>
  `;
}

const WORDS = /** @type {const} */ ({
  mic: { on: text.mute, off: text.unmute, icon: "mic" },
  camera: { on: text.stopVideo, off: text.startVideo, icon: "video" },
});

/** @param {{device: import("../state/types").DeviceKind} & Pick<Props, "state" | "act">} props */
function PreviewButton({ device, state, act }) {
  const now = look(state[device]);
  const words = WORDS[device];
  const label = now === "on" ? words.on : now === "off" ? words.off : trouble(device, now);
  return html`
    <button
      type="button"
      class=${`round round--${now}`}
      aria-label=${label}
      aria-busy=${now === "asking" ? "true" : undefined}
      data-tip=${label}
      onClick=${() => (now === "on" || now === "off" ? act.toggle(device) : act.tryAgain(device))}
    >
      ${now === "asking" ? html`<span class="spinner"></span>` : html`<${Icon} name=${now === "on" ? words.icon : `${words.icon}-off`} />`}
    </button>
  `;
}

/** @param {import("../state/types").DeviceKind} device @param {string} now */
const trouble = (device, now) =>
  now === "asking" ? text.asking
  : now === "blocked" ? text.blocked
  : now === "busy" ? text.inUse
  : device === "mic" ? text.noMic
  : text.noCamera;

/** The one filled button, or what is waited for. @param {Props} props */
function Entry({ state, act, page }) {
  if (isInWaitingRoom(state)) return html`<${InWaitingRoom} state=${state} act=${act} />`;
  if (state.phase === "waiting") return html`<${Waiting} state=${state} act=${act} page=${page} />`;
  const starts = state.you.role === "teacher" && state.session.state === "scheduled";
  const busy = state.phase === "joining";
  const word = busy ? text.joining : state.you.elsewhere ? text.useThisTab : starts ? text.start : text.join;
  return html`
    <div class="prejoin__entry">
      ${state.refusal && html`<div class="note note--warn" role="alert"><${Icon} name="info" /><div>${state.refusal.text} ${state.refusal.mend}</div></div>`}
      ${state.you.elsewhere && html`<div class="note"><${Icon} name="info" /><div><b>${text.elsewhereTitle}</b>${text.elsewhere}</div></div>`}
      ${state.socket === "lost" && html`<div class="note note--warn" role="status"><${Icon} name="wifi-off" /><div>${text.reconnectingAlone}</div></div>`}
      <button type="button" class="button button--primary button--large button--wide" aria-busy=${busy ? "true" : undefined} onClick=${act.join}>
        ${busy && html`<span class="spinner"></span>`}${word}
      </button>
      ${state.you.elsewhere && html`<a class="button button--wide" href=${page.urls.class}>${text.goBack}</a>`}
    </div>
  `;
}

const A_DAY = 24 * 3600_000;

/** Not open, or the teacher is not here yet: the page asks again by itself. @param {Props} props */
function Waiting({ state, act, page }) {
  const now = useNow(1000);
  const opensIn = Date.parse(state.session.opensAt) - (now + state.skew);
  const closed = opensIn > 0 && !mayEnter(state, now);
  return html`
    <div class="prejoin__entry">
      <div class="note note--warn waiting" role="status">
        <${Icon} name="hourglass" />
        <div>
          <b>${isFull(state) ? text.full[state.refusal?.code ?? ""] : state.you.locked_out ? leadingWords.lockedOutTitle : closed ? text.notOpenTitle : state.session.state === "live" ? text.busyTitle : text.notStartedTitle}</b>
          <span>${isFull(state) ? `${state.refusal?.text} ${state.refusal?.mend}` : state.you.locked_out ? leadingWords.lockedOut : closed ? text.opensAt(state.session.opensAt, now + state.skew) : text.notStarted}</span>
        </div>
      </div>
      ${closed && opensIn < A_DAY && html`<p class="waiting__clock" role="timer"><span>${text.opensIn}</span> <b class="figures">${countdown(opensIn)}</b></p>`}
      <button type="button" class="button button--large button--wide" onClick=${act.stopWaiting}>${text.stopWaiting}</button>
      ${state.refusal?.code === "class_full" && page.recorded && page.urls.course && html`<a class="button button--quiet button--wide" href=${page.urls.class}>${text.watchLater}</a>`}
    </div>
  `;
}
