import { words as leadingWords } from "../leading/words.js";
import { leads } from "../state/leading.js";
import { pinnedScreen, pinOf, screenPin } from "../state/screens.js";
import { LAYOUTS, layoutNow } from "../state/seats.js";
import { paused } from "../state/carrying.js";
import { tracksOf, volumeOf } from "../state/views.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";
import { canFloatByItself } from "./floats.js";
import { words as smallWords } from "./smallwords.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../ui/menu").Row} Row */

const VOLUMES = /** @type {const} */ ([["full", 1], ["half", 0.5], ["quarter", 0.25], ["off", 0]]);
const CORNERS = /** @type {const} */ (["top_start", "top_end", "bottom_start", "bottom_end"]);

/** What anybody does with a tile for themselves. @param {Props["state"]} state @param {Props["act"]} act @param {string} id @returns {import("../ui/menu").Group[]} */
export const viewingGroups = (state, act, id) => [{ rows: viewing(state, act, id) }, { title: text.volume, rows: volumes(state, act, id) }].filter(({ rows }) => rows.length);

/** How loud somebody is who can be heard. @param {Props["state"]} state @param {Props["act"]} act @param {string} id @returns {Row[]} */
function volumes(state, act, id) {
  const { mic, screen_sound } = tracksOf(state, id);
  if (id === state.you.id || !(mic || screen_sound)) return [];
  return VOLUMES.map(([name, volume]) => ({ label: text.volumes[name], checked: volumeOf(state, id) === volume, act: () => act.hear(id, volume) }));
}

/** @param {Props["state"]} state @param {Props["act"]} act @param {string} id @returns {Row[]} */
function viewing(state, act, id) {
  const count = Object.keys(state.people).length;
  const pin = pinOf(state);
  if (id === state.you.id) return count === 2 && !pin ? CORNERS.map((corner) => ({ label: cornerWord(corner), checked: state.corner === corner, act: () => act.moveOwn(corner) })) : [];
  const pinned = pin?.kind === "camera" && pin.id === id;
  if (count < 3 && !pinned) return [];
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

/** How people are arranged. @param {Props["state"]} state @param {Props["act"]} act @param {string[]} shown who has a place, by id @returns {import("../ui/menu").Group[]} */
export function layoutGroups(state, act, shown) {
  const few = Object.keys(state.people).length < 3;
  const pinned = pinOf(state) !== null;
  const rows = LAYOUTS.map((layout) => ({ label: text.layouts[layout], checked: !pinned && state.layout === layout, act: () => act.arrange(layout) }));
  const unpin = { rows: [{ label: text.unpin, icon: "pin-off", act: () => act.pin(null) }] };
  return [...(few ? [] : [{ title: text.layout, rows }]), ...(pinned ? [unpin] : []), ...cameraGroup(state, act, shown), ...floatGroup(state, act)];
}

/** None, for a weak line; all, only where this device falls behind, or was told to go on all the same. @param {Props["state"]} state @param {Props["act"]} act @param {string[]} shown @returns {import("../ui/menu").Group[]} */
function cameraGroup(state, act, shown) {
  const { showAll, carries, soundOnly } = state;
  const limited = !soundOnly && (showAll || paused(state, shown));
  const all = { label: text.showAllCameras, checked: showAll, several: true, act: () => act.showAll(!showAll) };
  const none = { label: text.soundOnly, checked: soundOnly, several: true, act: () => act.soundOnly(!soundOnly) };
  return [{ title: limited && carries !== null ? text.carries(carries) : text.cameras, rows: limited ? [all, none] : [none] }];
}

/** @param {Props["state"]} state @param {Props["act"]} act @returns {import("../ui/menu").Group[]} */
function floatGroup({ floats }, act) {
  if (!canFloatByItself) return [];
  return [{ title: smallWords.open, rows: [{ label: smallWords.byItself, checked: floats, several: true, act: () => act.floats(!floats) }] }];
}

/** The same in the header; phones have it in More. @param {Pick<import("./header").Parts, "state" | "act" | "shown">} props */
export function LayoutButton({ state, act, shown }) {
  const [open, setOpen] = useState(false);
  const groups = layoutGroups(state, act, shown);
  if (!groups.length) return null;
  const layout = layoutNow(state);
  return html`
    <div class="menu-anchor layout-menu">
      <button type="button" class="button button--quiet icon-button tip-below" aria-label=${text.layout} aria-haspopup="menu" aria-expanded=${String(open)} data-tip=${text.layout} onClick=${() => setOpen(!open)}>
        <${Icon} name=${pinOf(state) ? "pin" : layout === "grid" ? "layout-grid" : layout === "speaker" ? "presentation" : "grid-2x2"} />
      </button>
      ${open && html`<${Menu} label=${text.layout} groups=${groups} floats onClose=${() => setOpen(false)} />`}
    </div>
  `;
}
