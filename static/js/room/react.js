import { words } from "../chat/words.js";
import { reactionCounts } from "../state/chat.js";
import { html, useState } from "../ui/html.js";
import { Menu } from "../ui/menu.js";
import { BarButton } from "./button.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../classroom/protocol").Emoji} Emoji */

export const EMOJI = /** @type {Emoji[]} */ (["👍", "❤️", "😂", "😮", "👏", "🎉"]);
const MANY = 16; // people: beyond that not everybody has a tile

/** A row of emoji at the top of a menu. @param {{chosen: (emoji: Emoji) => void, mine?: string[]}} props */
export const EmojiRow = ({ chosen, mine }) => html`
  <div class="emoji-row" role="group" aria-label=${words.react}>
    ${EMOJI.map(
      (emoji) => html`
        <button
          key=${emoji}
          type="button"
          class=${mine?.includes(emoji) ? "emoji-row__one emoji-row__one--mine" : "emoji-row__one"}
          role=${mine ? "menuitemcheckbox" : "menuitem"}
          aria-checked=${mine ? String(mine.includes(emoji)) : undefined}
          aria-label=${words.emoji[emoji]}
          tabindex="-1"
          onClick=${() => chosen(emoji)}
        >
          <span class="emoji" aria-hidden="true">${emoji}</span>
        </button>
      `,
    )}
  </div>
`;

/** React to what goes on: seen for some seconds, kept nowhere. @param {Pick<Props, "act">} props */
export function ReactButton({ act }) {
  const [open, setOpen] = useState(false);
  const chosen = (/** @type {Emoji} */ emoji) => {
    setOpen(false);
    act.react(emoji);
  };
  return html`
    <div class="menu-anchor menu-anchor--middle">
      <${BarButton} look=${open ? "active" : "plain"} icon="smile" word=${words.react} haspopup expanded=${open} act=${() => setOpen(!open)} />
      ${open && html`<${Menu} label=${words.react} groups=${[]} onClose=${() => setOpen(false)}><${EmojiRow} chosen=${chosen} /><//>`}
    </div>
  `;
}

/** With many people the tiles do not show everybody: how often each emoji came. @param {Pick<Props, "state">} props */
export function ReactionCounts({ state }) {
  const counts = reactionCounts(state);
  if (!counts.length || Object.keys(state.people).length <= MANY) return null;
  return html`
    <span class="reaction-counts" aria-hidden="true">
      ${counts.map(([emoji, count]) => html`<span key=${emoji} class="reaction-counts__one"><span class="emoji">${emoji}</span> <bdi>${count}</bdi></span>`)}
    </span>
  `;
}
