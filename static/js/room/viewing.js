import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../ui/menu").Row} Row */

const LAYOUTS = /** @type {const} */ (["auto", "speaker", "grid"]);
const CORNERS = /** @type {const} */ (["top_start", "top_end", "bottom_start", "bottom_end"]);

/** What anybody does with a tile for themselves. @param {Props["state"]} state @param {Props["act"]} act @param {string} id @returns {Row[]} */
export function viewing(state, act, id) {
  const count = Object.keys(state.people).length;
  if (id === state.you.id) return count === 2 && !state.pinned ? CORNERS.map((corner) => ({ label: cornerWord(corner), checked: state.corner === corner, act: () => act.moveOwn(corner) })) : [];
  if (count < 3) return [];
  const pinned = state.pinned === id;
  return [{ label: pinned ? text.unpin : text.pin, icon: pinned ? "pin-off" : "pin", act: () => act.pin(pinned ? null : id) }];
}

/** @param {typeof CORNERS[number]} corner */
function cornerWord(corner) {
  const [height, side] = /** @type {["top" | "bottom", "start" | "end"]} */ (corner.split("_"));
  const left = (side === "start") !== (document.documentElement.dir === "rtl");
  return text.corners[`${height}_${left ? "left" : "right"}`];
}

/** How people are arranged. @param {Props["state"]} state @param {Props["act"]} act @returns {import("../ui/menu").Group[]} */
export function layoutGroups(state, act) {
  if (Object.keys(state.people).length < 3) return [];
  const rows = LAYOUTS.map((layout) => ({ label: text.layouts[layout], checked: !state.pinned && state.layout === layout, act: () => act.arrange(layout) }));
  const unpin = { rows: [{ label: text.unpin, icon: "pin-off", act: () => act.pin(null) }] };
  return [{ title: text.layout, rows }, ...(state.pinned && state.people[state.pinned] ? [unpin] : [])];
}

/** The same in the header; phones have it in More. @param {Pick<Props, "state" | "act">} props */
export function LayoutButton({ state, act }) {
  const [open, setOpen] = useState(false);
  const groups = layoutGroups(state, act);
  if (!groups.length) return null;
  return html`
    <div class="menu-anchor layout-menu">
      <button type="button" class="button button--quiet icon-button tip-below" aria-label=${text.layout} aria-haspopup="menu" aria-expanded=${String(open)} data-tip=${text.layout} onClick=${() => setOpen(!open)}>
        <${Icon} name=${state.pinned ? "pin" : state.layout === "grid" ? "layout-grid" : state.layout === "speaker" ? "presentation" : "grid-2x2"} />
      </button>
      ${open && html`<${Menu} label=${text.layout} groups=${groups} floats onClose=${() => setOpen(false)} />`}
    </div>
  `;
}
