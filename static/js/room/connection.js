import { way } from "../state/views.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Note } from "./note.js";

/** @type {Record<NonNullable<ReturnType<typeof way>>["kind"], string>} */
const ICONS = { direct: "arrow-left-right", direct_relayed: "waypoints", server: "server", relayed: "waypoints" };

/** Which way sound and pictures take, and why: an icon that opens a note. @param {Pick<import("./header").Parts, "state">} props */
export function Connection({ state }) {
  const [open, setOpen] = useState(false);
  const taken = way(state);
  if (!taken) return null;
  const { title, lines } = text.ways(taken);
  const name = text.connection(title);
  return html`
    <div class="menu-anchor">
      <button type="button" class="button button--quiet icon-button tip-below" aria-label=${name} aria-expanded=${String(open)} data-tip=${name} data-way=${taken.kind} onClick=${() => setOpen(!open)}>
        <${Icon} name=${ICONS[taken.kind]} />
      </button>
      ${open && html`<${Note} icon=${ICONS[taken.kind]} title=${title} lines=${lines} onClose=${() => setOpen(false)} />`}
    </div>
  `;
}
