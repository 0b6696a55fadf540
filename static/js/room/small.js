import { words as leading } from "../leading/words.js";
import { words as recording } from "../recording/words.js";
import { pictureOf } from "../state/carrying.js";
import { leads, may } from "../state/leading.js";
import { mainPicture } from "../state/seats.js";
import { handUp, look, muted } from "../state/views.js";
import { text } from "../text.js";
import { Avatar } from "../ui/avatar.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Picture } from "../ui/picture.js";
import { BarButton } from "./button.js";
import { trouble, WORDS } from "./device.js";
import { BadgeIcon, badgeLook } from "./recording.js";
import { words } from "./smallwords.js";

/** @typedef {import("../ui/act").Props} Props */

/** What the small window shows: who or what is large, and what one does most. @param {Pick<Props, "state" | "act"> & {back: () => void}} props */
export const Small = ({ state, act, back }) => html`
  <main class="small">
    <h1 class="visually-hidden">${state.session.title}</h1>
    <${Large} state=${state}><${Recorded} state=${state} /><//>
    <div class="small__bar" role="group" aria-label=${text.controls}>
      <${Microphone} state=${state} act=${act} back=${back} />
      ${!leads(state) && html`<${BarButton} look=${handUp(state) ? "hand" : "plain"} icon="hand" word=${handUp(state) ? text.lowerHand : text.raiseHand} act=${act.hand} />`}
      <${BarButton} look="plain" icon="expand" word=${words.back} act=${back} />
      <${BarButton} look="leave" icon="log-out" word=${text.leave} act=${act.leave} />
    </div>
  </main>
`;

/** The picture, and under it whose it is. @param {Pick<Props, "state"> & {children: any}} props */
function Large({ state, children }) {
  const main = mainPicture(state);
  const person = main && state.people[main.id];
  if (!main || !person) return html`<div class="small__line">${children}</div>`;
  const own = main.id === state.you.id;
  const media = pictureOf(state, main);
  const name = own ? text.nameYou(person.name) : person.name;
  const screen = main.kind === "screen";
  const label = screen ? (own ? text.yourScreen : text.screenOf(person.name)) : name;
  return html`
    <div class=${screen ? "small__picture small__picture--screen" : "small__picture"} role="group" aria-label=${label} data-kind=${main.kind} data-participant=${main.id}>
      ${media ? html`<${Picture} media=${media} mirrored=${own && !screen} />` : html`<div class="tile__face"><${Avatar} name=${person.name} hue=${person.hue} size="large" /></div>`}
    </div>
    <div class="small__line">
      <p class="small__name"><${Icon} name=${screen ? "monitor" : muted(state, main.id) ? "mic-off" : "mic"} /><bdi>${label}</bdi></p>
      ${children}
    </div>
  `;
}

/** Everybody sees whether it is recorded. @param {Pick<Props, "state">} props */
function Recorded({ state }) {
  const now = badgeLook(state);
  return now && html`<p class=${`rec rec--${now}`}><${BadgeIcon} look=${now} />${recording.badge[now]}</p>`;
}

/** Mute and unmute, or why not; what is blocked is mended in the class. @param {Pick<Props, "state" | "act"> & {back: () => void}} props */
function Microphone({ state, act, back }) {
  if (!may(state, "mic"))
    return html`
      <${BarButton} look="locked" icon="mic-off" word=${leading.locked.mic} name=${leading.lockedName.mic} hint=${leading.lockedLine.mic} unavailable act=${() => {}}>
        <span class="lock-mark"><${Icon} name="lock" /></span>
      <//>
    `;
  const now = look(state.mic);
  const word = WORDS.mic[now];
  const works = now === "on" || now === "off" || now === "asking";
  if (!works) return html`<${BarButton} look=${now} icon="mic-off" word=${word} name=${trouble("mic", now)} hint=${words.mended} act=${back} />`;
  return html`<${BarButton} look=${now === "on" ? "plain" : "off"} icon=${now === "on" ? "mic" : "mic-off"} word=${word} busy=${now === "asking"} act=${() => act.toggle("mic")} />`;
}
