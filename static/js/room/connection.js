import { way } from "../state/views.js";
import { text } from "../text.js";
import { html, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

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

/** @param {{icon: string, title: string, lines: string[], onClose: () => void}} props */
function Note({ icon, title, lines, onClose }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    element.current?.focus();
    const outside = (/** @type {Event} */ event) =>
      !element.current?.parentElement?.contains(/** @type {Node} */ (event.target)) && onClose();
    document.addEventListener("pointerdown", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      if (element.current?.contains(document.activeElement)) from?.focus();
    };
  }, []);
  const closes = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.stopPropagation(), onClose());
  return html`
    <div ref=${element} class="mend mend--below" role="dialog" aria-label=${title} tabindex="-1" onKeyDown=${closes}>
      <p class="mend__title"><${Icon} name=${icon} /><b>${title}</b></p>
      ${lines.map((line) => html`<p class="mend__line" key=${line}>${line}</p>`)}
    </div>
  `;
}
