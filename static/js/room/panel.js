import { text } from "../text.js";
import { html, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Chat } from "./chat.js";
import { People } from "./people.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {"chat" | "people"} Tab */

/** Chat and people, beside the lesson and never on it. @param {Pick<Props, "state" | "act">} props */
export function Panel({ state, act }) {
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));
  const open = /** @type {Tab} */ (state.panel);
  const count = Object.keys(state.people).length;
  const all = /** @type {[Tab, any, string][]} */ ([
    ["chat", text.chat, text.chat],
    ["people", html`${text.people} <bdi>${count}</bdi>`, text.peopleCount(count)],
  ]);
  const turn = (/** @type {KeyboardEvent} */ event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const other = event.key === "Home" ? "chat" : event.key === "End" ? "people" : open === "chat" ? "people" : "chat";
    act.openPanel(other);
    /** @type {HTMLElement | null | undefined} */ (tabs.current?.querySelector(`#tab-${other}`))?.focus();
  };
  return html`
    <aside class="panel" aria-label=${open === "chat" ? text.chat : text.people} tabindex="-1">
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
      <div class="panel__body" role="tabpanel" id="panel-body" aria-labelledby=${`tab-${open}`}>
        ${open === "chat" ? html`<${Chat} state=${state} act=${act} />` : html`<${People} state=${state} act=${act} />`}
      </div>
    </aside>
  `;
}
