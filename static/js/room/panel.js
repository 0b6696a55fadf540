import { text } from "../text.js";
import { html, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { words } from "../files/words.js";
import { Chat } from "./chat.js";
import { dropForChat } from "./drop.js";
import { Files } from "./files.js";
import { words as pollWords } from "../polls/words.js";
import { running } from "../state/polls.js";
import { People } from "./people.js";
import { words as guests } from "../guests/words.js";
import { leads } from "../state/leading.js";
import { Polls } from "./polls.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {"chat" | "people" | "files" | "polls"} Tab */

const BODIES = { chat: Chat, people: People, files: Files, polls: Polls };

/** Chat, people and files, beside the lesson and never on it. @param {Props} props */
export function Panel({ state, act, page }) {
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));
  const open = /** @type {Tab} */ (state.panel);
  const count = Object.keys(state.people).length;
  const knocks = leads(state) ? state.waiting.length : 0;
  const waiting = state.transfers.filter((each) => each.state === "asked" && !each.out).length;
  const all = /** @type {[Tab, any, string][]} */ ([
    ["chat", text.chat, text.chat],
    ["people", html`${text.people} <bdi>${count}</bdi>${knocks > 0 && html` <span class="tab__count"><bdi>${knocks}</bdi></span>`}`, knocks ? `${text.peopleCount(count)}, ${guests.waitingCount(knocks)}` : text.peopleCount(count)],
    ["files", waiting ? html`${words.title} <bdi>${waiting}</bdi>` : words.title, waiting ? words.count(waiting) : words.title],
    ["polls", html`${pollWords.title}${running(state) && html` <bdi>1</bdi>`}`, running(state) ? pollWords.running(1) : pollWords.title],
  ]);
  const turn = (/** @type {KeyboardEvent} */ event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const order = all.map(([tab]) => tab);
    const ahead = (event.key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1;
    const to = event.key === "Home" ? 0 : event.key === "End" ? order.length - 1 : (order.indexOf(open) + ahead + order.length) % order.length;
    const other = /** @type {Tab} */ (order[to]);
    act.openPanel(other);
    /** @type {HTMLElement | null | undefined} */ (tabs.current?.querySelector(`#tab-${other}`))?.focus();
  };
  return html`
    <aside class="panel" aria-label=${all.find(([tab]) => tab === open)?.[2]} tabindex="-1">
      <div class="panel__head">
        <div ref=${tabs} class="tabs" role="tablist" onKeyDown=${turn}>
          ${all.map(
            ([tab, word, name]) => html`
              <button
                key=${tab}
                type="button"
                class="tab"
                role="tab"
                id=${`tab-${tab}`}
                aria-selected=${String(tab === open)}
                aria-controls="panel-body"
                aria-label=${name}
                tabindex=${tab === open ? 0 : -1}
                onClick=${() => act.openPanel(tab)}
              >
                ${word}
              </button>
            `,
          )}
        </div>
        <button type="button" class="button button--quiet icon-button" aria-label=${text.closePanel} onClick=${() => act.openPanel(null)}>
          <${Icon} name="x" />
        </button>
      </div>
      <div class="panel__body" role="tabpanel" id="panel-body" aria-labelledby=${`tab-${open}`} ...${dropForChat(state)}>
        <${BODIES[open]} state=${state} act=${act} page=${page} />
      </div>
    </aside>
  `;
}
