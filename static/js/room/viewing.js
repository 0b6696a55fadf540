import { words as leadingWords } from "../leading/words.js";
import { leads } from "../state/leading.js";
import { pinnedScreen, screenPin } from "../state/screens.js";
import { paused } from "../state/carrying.js";
import { screens } from "../state/views.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";

import { canFloatByItself } from "./floats.js";
import { words as smallWords } from "./smallwords.js";

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

/** What anybody does with a shared screen for themselves, and whoever leads besides. @param {Props["state"]} state @param {Props["act"]} act @param {string} id whose it is @returns {Row[]} */
export function viewingScreen(state, act, id) {
  const pinned = pinnedScreen(state) === id;
  const pin = { label: pinned ? text.unpin : text.pin, icon: pinned ? "pin-off" : "pin", act: () => act.pin(pinned ? null : screenPin(id)) };
  const stop = { label: leadingWords.stopShare, icon: "monitor-x", act: () => act.lead({ type: "stop", what: "screen", participant: id }) };
  return [pin, ...(leads(state) && id !== state.you.id ? [stop] : [])];
}

/** The plate of a small screen, with its menu. @param {{id: string, label: string, children: any} & Pick<Props, "state" | "act">} props */
export function ScreenActions({ id, label, state, act, children }) {
  const [open, setOpen] = useState(false);
  return html`
    <div class="menu-anchor person-actions tile__actions">
      <button type="button" class="plate plate--button" aria-label=${text.viewOf(label)} aria-haspopup="menu" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${children}</button>
      ${open && html`<${Menu} label=${text.viewOf(label)} groups=${[{ rows: viewingScreen(state, act, id) }]} floats onClose=${() => setOpen(false)} />`}
    </div>
  `;
}

/** How people are arranged. @param {Props["state"]} state @param {Props["act"]} act @returns {import("../ui/menu").Group[]} */
export function layoutGroups(state, act) {
  const few = Object.keys(state.people).length < 3;
  const pinned = pinnedScreen(state) ?? (state.pinned && state.people[state.pinned]);
  if (few && screens(state).length < 2) return [];
  const rows = LAYOUTS.map((layout) => ({ label: text.layouts[layout], checked: !pinned && state.layout === layout, act: () => act.arrange(layout) }));
  const unpin = { rows: [{ label: text.unpin, icon: "pin-off", act: () => act.pin(null) }] };
  return [...(few ? [] : [{ title: text.layout, rows }]), ...(pinned ? [unpin] : []), ...cameraGroup(state, act), ...floatGroup(state, act)];
}

/** Only where this device falls behind, or was told to go on all the same. @param {Props["state"]} state @param {Props["act"]} act @returns {import("../ui/menu").Group[]} */
function cameraGroup(state, act) {
  const { showAll, carries } = state;
  if (!showAll && !paused(state)) return [];
  const title = carries === null ? text.cameras : text.carries(carries);
  return [{ title, rows: [{ label: text.showAllCameras, checked: showAll, several: true, act: () => act.showAll(!showAll) }] }];
}

/** @param {Props["state"]} state @param {Props["act"]} act @returns {import("../ui/menu").Group[]} */
function floatGroup({ floats }, act) {
  if (!canFloatByItself()) return [];
  return [{ title: smallWords.open, rows: [{ label: smallWords.byItself, checked: floats, several: true, act: () => act.floats(!floats) }] }];
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
