/** Times and lengths in words, in the page's language. */
import { counted, filled, gettext, locale, ngettext } from "./catalogue.js";

let timeZone = "UTC";

/** Times are shown as on the other pages: in the viewer's zone, else the school's. @param {string} name IANA, "Europe/Berlin" */
export function tellTimesIn(name) {
  timeZone = name;
}

/** "10:24" @param {string | number} at */
export const clock = (at) =>
  new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });

/** "Wednesday 25 November" @param {string | number} at */
export const day = (at) =>
  new Date(at).toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", timeZone });

/** "25 November" @param {Date} at */
export const date = (at) => at.toLocaleDateString(locale, { day: "numeric", month: "long" });

/** "45 min", "1 h 30 min" @param {number} milliseconds */
export function span(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 1) return gettext("less than a minute");
  if (minutes < 60) return filled(gettext("{minutes} min"), { minutes });
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest ? filled(gettext("{hours} h {minutes} min"), { hours, minutes: rest }) : filled(gettext("{hours} h"), { hours });
}

/** "5 min left" @param {number} seconds */
export function left(seconds) {
  if (seconds < 60) return counted(ngettext("{count} s left", "{count} s left", Math.max(1, Math.ceil(seconds))), Math.max(1, Math.ceil(seconds)));
  return filled(gettext("{time} left"), { time: span(Math.ceil(seconds / 60) * 60_000) });
}

/** "1:05", "12:40", "1:02:03" @param {number} milliseconds */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
