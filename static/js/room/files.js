import { words } from "../files/words.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { ChooseFiles } from "./drop.js";
import { Materials } from "./materials.js";
import { Transfers } from "./transfers.js";

/** @typedef {import("../ui/act").Props} Props */

/** What is there for everybody, and what goes from one person to another. @param {Pick<Props, "state" | "act" | "page">} props */
export function Files({ state, act, page }) {
  const { transfers, materials, uploads } = state;
  const some = materials.length + uploads.filter(({ forChat }) => !forChat).length;
  if (!some && !transfers.length) return html`<${Empty} state=${state} act=${act} page=${page} />`;
  const asked = transfers.some((each) => each.state === "asked" && !each.out);
  return html`
    <div class="files" tabindex="0" role="region" aria-label=${words.title}>
      ${transfers.length > 0 &&
      html`<section>
        <h2 class="people__title">${words.betweenTwo}</h2>
        ${asked && html`<p class="files__hint">${words.addresses}</p>`}
        <${Transfers} transfers=${transfers} act=${act} />
      </section>`}
      <section>
        <h2 class="people__title">${words.forEveryone}</h2>
        <${Materials} state=${state} act=${act} page=${page} />
        ${page.urls.materials && html`<${Add} act=${act} />`}
      </section>
    </div>
  `;
}

/** @param {Pick<Props, "act">} props */
const Add = ({ act }) => html`<${ChooseFiles} word=${words.addFile} look="button files__add" chosen=${act.addMaterials} />`;

/** @param {Pick<Props, "state" | "act" | "page">} props */
const Empty = ({ state, act, page }) => html`
  <div class="files files--empty empty">
    <${Icon} name="file" />
    <h2>${words.empty}</h2>
    <p>${state.directAllowed ? words.emptyHint : words.emptyOff}</p>
    ${page.urls.materials && html`<${Add} act=${act} />`}
    ${state.directAllowed && Object.keys(state.people).length > 1 && html`<button type="button" class="button button--quiet" onClick=${() => act.openPanel("people")}>${words.choosePerson}</button>`}
  </div>
`;
