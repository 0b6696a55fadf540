import { isOver } from "../files/post.js";
import { standing, what, words } from "../files/words.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../state/types").Transfer} Transfer */

/** Latest first. @param {{transfers: Transfer[], act: Props["act"]}} props */
export const Transfers = ({ transfers, act }) => html`
  <ul class="files__list" role="list">
    ${[...transfers].reverse().map((transfer) => html`<li key=${transfer.key}><${TransferRow} transfer=${transfer} act=${act} /></li>`)}
  </ul>
`;

/** @param {{transfer: Transfer, act: Props["act"]}} props */
function TransferRow({ transfer, act }) {
  const { out, name, state, moved, total, files } = transfer;
  const moves = state === "connecting" || state === "moving" || state === "interrupted";
  return html`
    <article class=${`transfer transfer--${state}`} aria-label=${what(transfer)}>
      <${Icon} name=${ICONS[state] ?? (out ? "file-up" : "file-down")} />
      <div class="transfer__words">
        <p class="transfer__name"><bdi>${what(transfer)}</bdi></p>
        <p class="transfer__person"><bdi>${out ? words.to(name) : words.from(name)}</bdi></p>
        ${files.length > 1 && html`<p class="transfer__files">${files.map((file) => file.name).join(", ")}</p>`}
        ${moves && html`<progress class="transfer__bar" max=${total || 1} value=${moved} aria-label=${words.progress(what(transfer))}></progress>`}
        <p class="transfer__state">${standing(transfer)}</p>
        <${Choices} transfer=${transfer} act=${act} />
      </div>
      ${isOver(transfer) &&
      html`<button type="button" class="button button--quiet icon-button" aria-label=${words.forget(what(transfer))} onClick=${() => act.forgetFiles(transfer.key)}><${Icon} name="x" /></button>`}
    </article>
  `;
}

/** @type {Partial<Record<Transfer["state"], string>>} */
const ICONS = { done: "circle-check", refused: "circle-x", cancelled: "circle-x", failed: "circle-alert", interrupted: "wifi-off" };

/** @param {{transfer: Transfer, act: Props["act"]}} props */
function Choices({ transfer, act }) {
  const { key, out, state, name } = transfer;
  const it = what(transfer);
  if (state === "asked" && !out)
    return html`<div class="actions">
      <button type="button" class="button button--row transfer__take" aria-label=${words.takeNamed(it, name)} onClick=${() => act.answerFiles(key, true)}>${words.take}</button>
      <button type="button" class="button button--row" aria-label=${words.refuseNamed(it, name)} onClick=${() => act.answerFiles(key, false)}>${words.refuse}</button>
    </div>`;
  if (!isOver(transfer))
    return html`<div class="actions"><button type="button" class="button button--row" aria-label=${words.cancelNamed(it)} onClick=${() => act.cancelFiles(key)}>${words.cancel}</button></div>`;
  if (state === "done" && !out)
    return html`<div class="actions"><button type="button" class="button button--row" onClick=${() => act.saveFiles(key)}>${words.save}</button></div>`;
  return null;
}
