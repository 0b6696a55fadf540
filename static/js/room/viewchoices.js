/**
 * How this person looks at classes on this device, and what they hear of: the layout, the corner and the alerts in every
 * class; who is pinned, and the page, in the class that it was in.
 * @typedef {Pick<import("../state/types").State, "layout" | "corner" | "pinned" | "page" | "showAll" | "floats" | "alerts">} View
 */
import { ALL_ALERTS } from "../state/chimes.js";

const KEY = "aula.view";
const LAYOUTS = ["auto", "speaker", "grid"];
const CORNERS = ["bottom_end", "bottom_start", "top_end", "top_start"];
/** @type {View} */
export const FIRST_VIEW = { layout: "auto", corner: "bottom_end", pinned: null, page: 0, showAll: false, floats: false, alerts: ALL_ALERTS };

/** @param {Pick<Storage, "getItem">} storage @param {string} session the class's id @returns {View} */
export function recallView(storage, session) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}");
    const here = kept.session === session;
    return {
      layout: LAYOUTS.includes(kept.layout) ? kept.layout : FIRST_VIEW.layout,
      corner: CORNERS.includes(kept.corner) ? kept.corner : FIRST_VIEW.corner,
      pinned: here && typeof kept.pinned === "string" ? kept.pinned : null,
      page: here && Number.isInteger(kept.page) && kept.page > 0 ? kept.page : 0,
      showAll: kept.showAll === true,
      floats: kept.floats === true,
      alerts: { ...ALL_ALERTS, ...Object.fromEntries(Object.entries(kept.alerts ?? {}).filter(([alert, on]) => alert in ALL_ALERTS && on === false)) },
    };
  } catch {
    return FIRST_VIEW; // storage is closed to this page, or holds something else
  }
}

/** @param {Pick<Storage, "setItem">} storage @param {string} session @param {View} view */
export function rememberView(storage, session, { layout, corner, pinned, page, showAll, floats, alerts }) {
  try {
    storage.setItem(KEY, JSON.stringify({ session, layout, corner, pinned, page, showAll, floats, alerts }));
  } catch {
    // the choice lasts as long as the page
  }
}
