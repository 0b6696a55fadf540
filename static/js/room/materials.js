import { words } from "../files/words.js";
import { Dialog } from "../ui/dialog.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../classroom/protocol").Material} Material */
/** @typedef {import("../state/types").Upload} Upload */

/** Files for everybody, latest first, and those on their way there. @param {Pick<Props, "state" | "act" | "page">} props */
export function Materials({ state, act, page }) {
  const [removing, setRemoving] = useState(/** @type {Material | null} */ (null));
  const { materials, uploads, you } = state;
  return html`
    <ul class="files__list" role="list">
      ${uploads.filter(({ forChat }) => !forChat).map((upload) => html`<li key=${upload.key}><${UploadRow} upload=${upload} act=${act} /></li>`)}
      ${[...materials].reverse().map(
        (material) => html`<li key=${material.id}>
          <${MaterialRow} material=${material} page=${page} remove=${page.urls.materials && (you.role === "teacher" || material.by === you.name) && (() => setRemoving(material))} />
        </li>`,
      )}
    </ul>
    ${removing && html`<${Remove} material=${removing} act=${act} onClose=${() => setRemoving(null)} />`}
  `;
}

/** @param {{material: Material, page: Props["page"], remove: false | (() => void)}} props */
const MaterialRow = ({ material: { id, name, size: bytes, by }, page, remove }) => html`
  <article class="transfer" aria-label=${name}>
    <${Icon} name="file" />
    <div class="transfer__words">
      <p class="transfer__name"><a href=${`${page.urls.class}materials/${id}/`} download=${name} aria-label=${words.download(name)}><bdi>${name}</bdi></a></p>
      <p class="transfer__person"><bdi>${words.by(by, bytes)}</bdi></p>
    </div>
    ${remove && html`<button type="button" class="button button--quiet icon-button" aria-label=${words.remove(name)} data-tip=${words.remove(name)} onClick=${remove}><${Icon} name="trash-2" /></button>`}
  </article>
`;

/** @param {{upload: Upload, act: Props["act"]}} props */
const UploadRow = ({ upload: { key, name, size: bytes, sent, state, words: why }, act }) => html`
  <article class=${`transfer transfer--${state}`} aria-label=${name}>
    <${Icon} name=${state === "failed" ? "circle-alert" : "file-up"} />
    <div class="transfer__words">
      <p class="transfer__name"><bdi>${name}</bdi></p>
      ${state === "uploading" && html`<progress class="transfer__bar" max=${bytes || 1} value=${sent} aria-label=${words.progress(name)}></progress>`}
      <p class="transfer__state">${state === "failed" ? why || words.uploadFailed : sent && sent >= bytes ? words.checking : words.uploading(sent, bytes)}</p>
    </div>
    <button type="button" class="button button--quiet icon-button" aria-label=${state === "failed" ? words.forget(name) : words.cancelNamed(name)} onClick=${() => act.cancelUpload(key)}><${Icon} name="x" /></button>
  </article>
`;

/** @param {{material: Material, act: Props["act"], onClose: () => void}} props */
const Remove = ({ material, act, onClose }) => html`
  <${Dialog} title=${words.removeTitle(material.name)} onClose=${onClose}>
    <p>${words.removeNote}</p>
    <div class="actions actions--end">
      <button type="button" class="button" onClick=${onClose}>${words.keep}</button>
      <button type="button" class="button button--danger" onClick=${() => { onClose(); act.removeMaterial(material.id); }}>${words.removeShort}</button>
    </div>
  <//>
`;
