import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** A button with an icon: its name is its tooltip. @param {{icon: string, word: string, look?: string, name?: string, keys?: string, act: () => void}} props */
export const Press = ({ icon, word, look = "quiet", name = "", keys, act }) => html`
  <button type="button" class=${`button button--${look} icon-button ${name}`} aria-label=${word} aria-keyshortcuts=${keys} data-tip=${keys ? `${word} (${keys})` : word} onClick=${act}>
    <${Icon} name=${icon} />
  </button>
`;
