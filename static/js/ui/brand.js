import { html } from "./html.js";

/** @typedef {import("../state/state").PageData["school"]} School */

const WORDMARK = 75; // px: a logo this wide bears the name itself (templates/components/brand.html)
const MARK = 45; // px: wider ones leave no room for a title on a phone

/**
 * The school's logo, else a square with its initial; with its name where that is `named`.
 * @param {{school: School, named?: boolean, small?: boolean}} props
 */
export function Brand({ school, named = false, small = false }) {
  const logo = school.logo && !(small && school.logo.width > MARK) ? school.logo : null;
  const says = named && logo && logo.width > WORDMARK;
  return html`
    ${logo ? html`<${Logo} logo=${logo} name=${says ? school.name : ""} />` : html`<span class="brand__mark" aria-hidden="true">${school.initial}</span>`}
    ${named && !says && html`<span><bdi>${school.name}</bdi></span>`}
  `;
}

/** When the logo for dark pages is shown: as the person chose, else as the device says. */
function dark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" ? "all" : theme === "light" ? "not all" : "(prefers-color-scheme: dark)";
}

/** @param {{logo: NonNullable<School["logo"]>, name: string}} props */
const Logo = ({ logo, name }) => html`
  <picture>
    ${logo.dark && html`<source media=${dark()} srcset=${logo.dark.src} width=${logo.dark.width} height=${logo.dark.height} />`}
    <img class=${`brand__logo${logo.dark ? "" : " brand__logo--alone"}`} src=${logo.src} width=${logo.width} height=${logo.height} alt=${name} />
  </picture>
`;
