import { tracksOf } from "../state/views.js";
import { Dialog } from "../ui/dialog.js";
import { html, useEffect, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Picture } from "../ui/picture.js";
import { words } from "./words.js";

/** @typedef {import("../ui/act").Props} Props */

const DRAWN = /** @type {const} */ (["shelf", "hills", "board", "paper"]);

/** What is seen behind oneself. @param {{onClose: () => void} & Props} props */
export function BackgroundDialog({ state, act, page, onClose }) {
  useEffect(() => act.seeOwnPicture(), []);
  const { camera } = tracksOf(state, state.you.id ?? "");
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  const chosen = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.files?.[0]) act.ownPicture(input.files[0]);
    input.value = "";
  };
  return html`
    <${Dialog} title=${words.background} onClose=${onClose}>
      <p>${words.backgroundHint}</p>
      ${camera?.media && !camera.muted && html`<div class="backdrop__own" role="img" aria-label=${words.yourPicture}><${Picture} media=${camera.media} mirrored /></div>`}
      <fieldset class="backdrops">
        <legend class="visually-hidden">${words.background}</legend>
        <${Choice} value="" word=${words.backgrounds.none} state=${state} act=${act}><${Icon} name="user" /><//>
        <${Choice} value="blur" word=${words.backgrounds.blur} state=${state} act=${act}><span class="backdrop__blur"></span><${Icon} name="user" /><//>
        ${DRAWN.map((each) => html`<${Choice} key=${each} value=${each} word=${words.backgrounds[each]} state=${state} act=${act}><img src=${page.effects.pictures[each]} alt="" /><//>`)}
        ${state.ownPicture && html`<${Choice} value="own" word=${words.backgrounds.own} state=${state} act=${act}><img src=${state.ownPicture} alt="" /><//>`}
      </fieldset>
      <p class="backdrop__state" role="status">${state.effects.background && (state.dressed === "loading" ? words.loading : state.dressed === "on" ? words.ready : "")}</p>
      ${state.notice?.what.kind === "effect" && html`<p class="note note--warn"><${Icon} name="info" /><span>${words.told[state.notice.what.what]}</span></p>`}
      <div class="backdrop__files">
        <button type="button" class="button button--row" onClick=${() => file.current?.click()}><${Icon} name="image-plus" />${state.ownPicture ? words.replaceOwn : words.addOwn}</button>
        ${state.ownPicture && html`<button type="button" class="button button--quiet button--row" onClick=${() => act.ownPicture(null)}>${words.removeOwn}</button>`}
        <input ref=${file} type="file" accept="image/*" hidden onChange=${chosen} />
        <span class="field__hint">${words.ownNote}</span>
      </div>
      <div class="actions actions--end"><button type="button" class="button" onClick=${onClose}>${words.close}</button></div>
    <//>
  `;
}

/** @param {{value: string, word: string, children?: any} & Pick<Props, "state" | "act">} props */
const Choice = ({ value, word, state, act, children }) => html`
  <label class="backdrop">
    <input type="radio" name="background" value=${value} checked=${state.effects.background === value} onChange=${() => act.treat({ background: value })} />
    <span class="backdrop__face" aria-hidden="true">${children}</span>
    <span class="backdrop__word">${word}</span>
  </label>
`;
