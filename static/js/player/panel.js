import { html, useRef, useState } from "../ui/html.js";
import { Chapters } from "./chapters.js";
import { Chat } from "./chat.js";
import { Transcript } from "./transcript.js";
import { words } from "./words.js";

/** @typedef {"chat" | "chapters" | "transcript"} Tab */

const BODIES = { chat: Chat, chapters: Chapters, transcript: Transcript };

/** Chat, chapters and what is said, beside the pictures. @param {{film: import("./film").Film, change: import("./change").Change}} props */
export function Panel({ film, change }) {
  const readable = film.page.leads || film.subtitles.all.length > 0;
  const tabs = /** @type {Tab[]} */ (["chat", "chapters", ...(readable ? ["transcript"] : [])]);
  const [chosen, choose] = useState(/** @type {Tab} */ (film.told.chat.length || !film.moments.length ? "chat" : "chapters"));
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  const open = tabs.includes(chosen) ? chosen : "chat";
  const turn = (/** @type {KeyboardEvent} */ event) => {
    const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
    const at = tabs.indexOf(open);
    const to = { ArrowRight: at + ahead, ArrowLeft: at - ahead, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = /** @type {Tab} */ (tabs[(to + tabs.length) % tabs.length]);
    choose(next);
    /** @type {HTMLElement | null | undefined} */ (row.current?.querySelector(`#tab-${next}`))?.focus();
  };
  return html`
    <aside class="player__panel" aria-label=${words.panel}>
      <div class="player__beside card">
        <div ref=${row} class="tabs" role="tablist" aria-label=${words.panel} onKeyDown=${turn}>
          ${tabs.map((tab) => html`<button key=${tab} type="button" class="tab" role="tab" id=${`tab-${tab}`} aria-selected=${String(tab === open)} aria-controls="panel-body" tabindex=${tab === open ? 0 : -1} onClick=${() => choose(tab)}>${words[tab]}</button>`)}
        </div>
        <div class="player__body" role="tabpanel" id="panel-body" aria-labelledby=${`tab-${open}`}>
          <${BODIES[open]} key=${open} film=${film} change=${change} />
        </div>
      </div>
    </aside>
  `;
}
