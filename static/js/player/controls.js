import { countdown } from "../ui/times.js";
import { html, useState } from "../ui/html.js";
import { SPEEDS, STEP } from "./film.js";
import { Line } from "./line.js";
import { Press } from "./press.js";
import { momentTitle, words } from "./words.js";

/** @typedef {import("./film").Film} Film */

/** @param {{film: Film, fill: () => void}} props */
export function Controls({ film, fill }) {
  const { players, now: time, length } = film;
  return html`
    <div class="player__controls" role="group" aria-label=${words.controls}>
      <${Line} film=${film} />
      <div class="player__buttons">
        <${Press} icon="rotate-ccw" word=${words.back} keys="J" act=${() => film.goTo(time - STEP)} />
        <${Press} icon=${players.plays ? "pause" : "play"} word=${players.plays ? words.pause : words.play} look="primary" keys="K" act=${() => film.turn()} />
        <${Press} icon="rotate-cw" word=${words.forth} keys="L" act=${() => film.goTo(time + STEP)} />
        <span class="player__time"><bdi>${words.of(countdown(Math.floor(time) * 1000), countdown(Math.floor(length) * 1000))}</bdi></span>
        ${film.chapter && html`<span class="player__chapter-now" aria-hidden="true"><bdi>${momentTitle(film.chapter)}</bdi></span>`}
      </div>
      <div class="player__buttons player__buttons--end">
        <${Speed} film=${film} />
        <${CaptionButton} film=${film} />
        <${Volume} film=${film} />
        <${CopyLink} film=${film} />
        ${document.fullscreenEnabled && html`<${Press} name="player__full" icon=${document.fullscreenElement ? "minimize" : "maximize"} word=${document.fullscreenElement ? words.exitFullScreen : words.fullScreen} keys="F" act=${fill} />`}
      </div>
    </div>
  `;
}

/** @param {{film: Film}} props */
const Speed = ({ film }) => html`
  <label class="player__choice"><span class="visually-hidden">${words.speed}</span>
    <select class="input" dir="ltr" value=${String(film.players.speed)} onChange=${(/** @type {Event} */ event) => (film.players.speed = Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
      ${SPEEDS.map((speed) => html`<option key=${speed} value=${String(speed)} selected=${speed === film.players.speed}>${words.times(speed)}</option>`)}
    </select>
  </label>
`;

/** On and off; which language where there are several. @param {{film: Film}} props */
function CaptionButton({ film }) {
  const { all, language, read } = film.subtitles;
  if (!all.length) return null;
  const on = language !== null;
  return html`
    <${Press} icon="captions" word=${on ? words.captionsOff : words.captionsOn} look=${on ? "on" : "quiet"} keys="C" act=${() => film.caption(on ? null : (read?.language ?? null))} />
    ${all.length > 1 && on && html`
      <label class="player__choice player__choice--language"><span class="visually-hidden">${words.captionLanguage}</span>
        <select class="input" value=${language} onChange=${(/** @type {Event} */ event) => film.caption(/** @type {HTMLSelectElement} */ (event.target).value)}>
          ${all.map((each) => html`<option key=${each.language} value=${each.language} selected=${each.language === language}>${each.name}</option>`)}
        </select>
      </label>
    `}
  `;
}

/** @param {{film: Film}} props */
const Volume = ({ film }) => html`
  <span class="player__volume">
    <${Press} icon=${film.players.silent ? "volume-x" : "volume-2"} word=${film.players.silent ? words.unmute : words.mute} keys="M" act=${() => film.mute()} />
    <input type="range" min="0" max="1" step="0.05" value=${film.players.silent ? 0 : film.players.volume} aria-label=${words.volume} onInput=${(/** @type {Event} */ event) => {
      film.players.volume = Number(/** @type {HTMLInputElement} */ (event.target).value);
      film.players.silent = false;
    }} />
  </span>
`;

/** @param {{film: Film}} props */
function CopyLink({ film }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const link = new URL(location.href);
    link.searchParams.set("t", String(Math.floor(film.now)));
    await navigator.clipboard.writeText(link.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return html`
    <${Press} icon=${copied ? "check" : "link"} word=${copied ? words.copied : words.link} act=${copy} />
    <span class="visually-hidden" role="status">${copied ? words.copied : ""}</span>
  `;
}
