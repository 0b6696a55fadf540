import { words } from "../chat/words.js";
import { size } from "../files/words.js";
import { text } from "../text.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../state/types").Upload} Upload */

/** The files of a message that is not said yet, and how far they are. @param {{uploads: Upload[]} & Pick<Props, "act">} props */
export const Parcel = ({ uploads, act }) =>
  uploads.length > 0 &&
  html`
    <ul class="attached" role="list" aria-label=${words.attached}>
      ${uploads.map(
        (upload) => html`
          <li key=${upload.key} class=${`attached__one attached__one--${upload.state}`}>
            <${Icon} name=${icons[upload.state]} />
            <span class="attached__name"><bdi>${upload.name}</bdi></span>
            <span class="attached__how">${how(upload)}</span>
            <button type="button" class="button button--quiet attached__cancel" aria-label=${words.cancel(upload.name)} onClick=${() => act.detach(upload.key)}><${Icon} name="x" /></button>
            ${upload.state === "uploading" && html`<progress class="transfer__bar" max=${upload.size || 1} value=${upload.sent} aria-label=${upload.name}></progress>`}
          </li>
        `,
      )}
    </ul>
  `;

/** @type {Record<Upload["state"], string>} */
const icons = { chosen: "file", uploading: "file-up", waiting: "file-up", failed: "circle-alert", done: "file" };

/** @param {Upload} upload */
function how({ state, size: bytes, sent, unreadable, words: why }) {
  if (state === "failed") return unreadable ? words.unreadable : why || words.notTaken;
  if (state === "waiting") return text.waitsForLine;
  return state === "uploading" ? `${Math.min(99, Math.round((sent / (bytes || 1)) * 100))} %` : size(bytes);
}
