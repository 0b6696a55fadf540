import { text } from "../text.js";
import { Brand } from "./brand.js";
import { html } from "./html.js";

/** @typedef {import("../state/state").PageData} PageData */

/** The page's header before and after the class. @param {{page: PageData, back?: string | null}} props */
export const PageHeader = ({ page, back }) => html`
  <header class="site-header">
    <a class="brand" href=${page.urls.dashboard ?? undefined}>
      <${Brand} school=${page.school} named />
    </a>
    ${back &&
    html`<div class="site-header__end">
      <a class="button button--quiet" href=${back}>
        <span class="wide-only">${text.backTo(page.session.course)}</span><span class="narrow-only">${text.back}</span>
      </a>
    </div>`}
  </header>
`;
