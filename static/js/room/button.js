import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { keyChoices } from "./keychoices.js";
import { words } from "./keywords.js";
import { spoken, written } from "./shortcuts.js";

/**
 * A button of the bar: icon and word, the word is the action that follows. `forms`: the other words it has at times;
 * it is as wide as the longest, so that nothing moves.
 * @param {{look: string, icon: string, word: string, act: () => void, name?: string, hint?: string, keys?: string,
 *   forms?: string[], count?: number, quiet?: boolean, raised?: boolean, busy?: boolean, expanded?: boolean, haspopup?: boolean, unavailable?: boolean, children?: any}} props
 */
export const BarButton = ({ look, icon, word, act, forms = [], name, hint, keys, count, quiet, raised, busy, expanded, haspopup, unavailable, children }) => html`
  <button
    type="button"
    class=${`bar__button bar__button--${look}`}
    aria-label=${name && name !== word ? name : undefined}
    aria-description=${hint}
    aria-disabled=${unavailable ? "true" : undefined}
    aria-busy=${busy ? "true" : undefined}
    aria-expanded=${expanded === undefined ? undefined : String(expanded)}
    aria-haspopup=${haspopup ? "menu" : undefined}
    aria-keyshortcuts=${keys && keyChoices.value.on ? spoken(keys) : undefined}
    data-tip=${keys && keyChoices.value.on ? `${word} (${written(keys, words.names)})` : word}
    onClick=${act}
  >
    <span class="bar__icon">
      ${busy ? html`<span class="spinner"></span>` : html`<${Icon} name=${icon} />`}${children}
      ${count ? html`<span class=${`bar__count${quiet ? " bar__count--quiet" : ""}${raised ? " bar__count--raised" : ""}`} aria-hidden="true"><bdi>${count}</bdi></span>` : null}
    </span>
    <span class="bar__word" data-widest=${[word, ...forms].reduce((widest, each) => (each.length > widest.length ? each : widest))}>${word}</span>
  </button>
`;
