import { LANGUAGES, SIZES, spoken } from "../captions/choices.js";
import { nameOf, words } from "../captions/words.js";
import { agrees, areShown, asksToCaption, captionsShown, offered } from "../state/captions.js";
import { language } from "../ui/catalogue.js";
import { html } from "../ui/html.js";
import { Switch } from "./switch.js";

/** @typedef {import("../ui/act").Props} Props */

/**
 * At the foot of the stage, of one height while captions are on: nothing above it moves when somebody speaks. Screen
 * readers have the sound, so nothing is read out by itself.
 * @param {{short: boolean} & Pick<Props, "state">} props
 */
export function Captions({ state, short }) {
  if (!areShown(state)) return null;
  const shown = captionsShown(state, short ? 1 : 2);
  const { size } = state.captions;
  return html`
    <section class=${`captions captions--${size} ${short ? "captions--short" : ""}`} aria-label=${words.title} aria-live="off">
      ${shown.map(
        ({ by, name, text, language, cannot }) => html`
          <p class="caption" key=${by}>
            <b class="caption__name"><bdi>${name}</bdi></b>
            <span class=${cannot ? "caption__text caption__text--none" : "caption__text"} lang=${language || undefined}><span><bdi>${cannot ? words.cannot[cannot] : text}</bdi></span></span>
          </p>
        `,
      )}
      ${!shown.length && html`<p class="captions__waiting">${words.waiting}</p>`}
    </section>
  `;
}

/** Asked once of whoever speaks, on each device. @param {Pick<Props, "state" | "act">} props */
export const CaptionStrip = ({ state, act }) =>
  asksToCaption(state) &&
  html`
    <div class="room__strip room__strip--asks">
      <span>${words.asked} ${state.captions.makes === "here" ? words.here : words.away} ${words.remembered}</span>
      <span class="actions">
        <button type="button" class="button button--row" onClick=${() => act.caption({ agreed: offered(state.captions) })}>${words.agree}</button>
        <button type="button" class="button button--row" onClick=${() => act.caption({ agreed: false })}>${words.decline}</button>
      </span>
    </div>
  `;

/** On or off, and how large: rows of a menu. @param {Props["state"]} state @param {Props["act"]} act @returns {import("../ui/menu").Group[]} */
export function captionGroups(state, act) {
  const on = areShown(state);
  const { size } = state.captions;
  return [
    { rows: [{ label: words.title, checked: on, several: true, act: () => act.caption({ on: !on }) }] },
    ...(on ? [{ title: words.sizeTitle, rows: SIZES.map((each) => ({ label: words.sizes[each], checked: size === each, act: () => act.caption({ size: each }) })) }] : []),
  ];
}

/** In the sound settings: whether one's own words are captioned, and in which language. @param {Pick<Props, "state" | "act">} props */
export function OwnCaptions({ state, act }) {
  const { allowed, makes, failed, agreed, language: chosen } = state.captions;
  if (!allowed) return null;
  const on = agrees(state.captions);
  const hints = { none: words.ownNone, away: words.ownAway, here: words.ownHere };
  return html`
    <div class="switches switches--apart">
      ${makes === "none"
        ? html`<p class="switch__words own-captions__none">${words.own}<span class="field__hint">${words.ownNone}</span></p>`
        : html`
            <${Switch} word=${words.own} hint=${failed && on ? words.ownFailed : hints[makes]} on=${on} turn=${(/** @type {boolean} */ yes) => act.caption({ agreed: yes && offered(state.captions) })} />
            ${agreed &&
            html`<label class="own-captions__language">
              <span>${words.language}</span>
              <select class="input" onChange=${(/** @type {Event} */ event) => act.caption({ language: /** @type {HTMLSelectElement} */ (event.target).value })}>
                <option value="" selected=${chosen === ""}>${words.pageLanguage(spoken(language, navigator.languages))}</option>
                ${LANGUAGES.map((each) => html`<option key=${each} value=${each} selected=${chosen === each}>${nameOf(each)}</option>`)}
              </select>
            </label>`}
          `}
    </div>
  `;
}
