/**
 * What is said of files.
 * @typedef {import("../state/types").Transfer} Transfer
 */
import { counted, filled, gettext, ngettext, number } from "../ui/catalogue.js";
import { left } from "../ui/times.js";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** "0 B", "4.2 kB", "310 MB", kept together in text of either direction. @param {number} bytes */
export function size(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const scaled = bytes / 1000 ** power;
  return `\u2068${power && scaled < 10 ? number(scaled, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) : Math.round(scaled)} ${UNITS[power]}\u2069`;
}

/** "cells.pdf" or "3 files" @param {Pick<Transfer, "files">} transfer */
export const what = ({ files }) => (files.length === 1 ? (files[0]?.name ?? "") : counted(ngettext("{count} file", "{count} files", files.length), files.length));

/** @type {Record<string, {out: string, in: string}>} */
const failures = {
  not_reached: { out: gettext("Not sent: the class could not be reached. Try again in a moment."), in: "" },
  gone: { out: gettext("Not sent: the other person left the class."), in: gettext("The other person left the class.") },
  broken: {
    out: gettext("Broken off: no connection to the other person for two minutes. Nothing of it is kept there; send it again."),
    in: gettext("Broken off: no connection to the other person for two minutes. Nothing of it is kept; ask for it again."),
  },
  damaged: { out: "", in: gettext("What arrived is not what was sent, so nothing of it is kept. Ask for it again.") },
  unreadable: { out: gettext("Stopped: the file was changed, moved or removed meanwhile. Choose it again."), in: "" },
  no_space: { out: "", in: gettext("Not enough space on this device. Free some, then ask for it again.") },
};
const failed = { out: gettext("Stopped: this browser could not read the file. Choose it again."), in: gettext("Stopped: this browser could not keep the file. Ask for it again.") };

/** @param {Transfer} transfer */
function ended({ state, by, why, words, out, name }) {
  if (state === "refused") return by === "you" ? gettext("You refused it.") : filled(gettext("{name} refused it."), { name });
  if (state === "cancelled") return by === "you" ? gettext("Cancelled. Nothing of it is kept.") : filled(gettext("{name} cancelled it. Nothing of it is kept."), { name });
  if (by === "them") return out ? filled(gettext("{name} could not take it: no space there, or no connection."), { name }) : filled(gettext("{name} could not go on sending. Nothing of it is kept."), { name });
  return words || (failures[why ?? ""] ?? failed)[out ? "out" : "in"] || failed[out ? "out" : "in"];
}

/** How a transfer stands, in a line. @param {Transfer} transfer */
export function standing(transfer) {
  const { state, out, moved, total, rate, name } = transfer;
  const part = filled(gettext("{part} of {whole}"), { part: size(moved), whole: size(total) });
  switch (state) {
    case "asked": return out ? filled(gettext("{size} · waits until {name} accepts"), { size: size(total), name }) : size(total);
    case "connecting": return filled(gettext("{size} · connecting…"), { size: size(total) });
    case "moving": return rate > 0 ? `${part} · ${left((total - moved) / rate)}` : part;
    case "interrupted": return filled(gettext("{part} · connection lost, going on as soon as it is back"), { part });
    case "done": return out ? filled(gettext("{size} · arrived"), { size: size(total) }) : filled(gettext("{size} · saved in your downloads"), { size: size(total) });
    default: return ended(transfer);
  }
}

/** As a notice, where there is little room. @param {Transfer} transfer */
export function told(transfer) {
  const { state, out, by, name, files } = transfer;
  const count = files.length;
  /** @param {string} sentence */
  const said = (sentence) => counted(sentence, count, { name });
  if (state === "asked") return said(ngettext("{name} sends you a file.", "{name} sends you {count} files.", count));
  if (state === "done" && out) return said(ngettext("{name} has your file.", "{name} has your files.", count));
  if (state === "done") return said(ngettext("You have a file from {name}.", "You have {count} files from {name}.", count));
  if (state === "refused" && out) return said(ngettext("{name} refused a file.", "{name} refused {count} files.", count));
  if (state === "cancelled" && by === "them") return said(ngettext("{name} cancelled a file.", "{name} cancelled {count} files.", count));
  if (out) return said(ngettext("{name} did not get a file.", "{name} did not get {count} files.", count));
  return said(ngettext("You did not get a file from {name}.", "You did not get {count} files from {name}.", count));
}

/** @param {string} by @param {number} count */
export const added = (by, count) =>
  by
    ? counted(ngettext("{by} added a file for everyone.", "{by} added {count} files for everyone.", count), count, { by })
    : counted(ngettext("There is a new file for everyone.", "There are {count} new files for everyone.", count), count);

export const words = {
  title: gettext("Files"),
  count: (/** @type {number} */ count) => filled(gettext("Files, {count}"), { count }),
  empty: gettext("No files yet"),
  emptyHint: gettext("Drop a file on the room to give it to everyone in the class, or on one person to send it to them alone."),
  emptyOff: gettext("Drop a file on the room to give it to everyone in the class."),
  forEveryone: gettext("For everyone"),
  betweenTwo: gettext("From person to person"),
  addFile: gettext("Add a file for everyone"),
  choosePerson: gettext("Send to one person"),
  by: (/** @type {string} */ name, /** @type {number} */ bytes) => (name ? `${name} · ${size(bytes)}` : size(bytes)),
  uploading: (/** @type {number} */ sent, /** @type {number} */ total) => 
    filled(sent ? gettext("{part} of {whole}") : gettext("{whole} · waiting"), { part: size(sent), whole: size(total) }),
  checking: gettext("Being stored…"),
  uploadFailed: gettext("Not added: the connection was lost. Choose it again."),
  download: (/** @type {string} */ name) => filled(gettext("Download {name}"), { name }),
  remove: (/** @type {string} */ name) => filled(gettext("Remove {name} for everyone"), { name }),
  removeTitle: (/** @type {string} */ name) => filled(gettext("Remove {name} for everyone?"), { name }),
  removeNote: gettext("Nobody can download it any more."),
  removeShort: gettext("Remove"),
  keep: gettext("Keep"),
  notRemoved: gettext("The file was not removed."),
  sendTo: (/** @type {string} */ name) => filled(gettext("Send files to {name}"), { name }),
  from: (/** @type {string} */ name) => filled(gettext("From {name}"), { name }),
  to: (/** @type {string} */ name) => filled(gettext("To {name}"), { name }),
  take: gettext("Accept"),
  takeNamed: (/** @type {string} */ it, /** @type {string} */ name) => filled(gettext("Accept {it} from {name}"), { it, name }),
  refuse: gettext("Refuse"),
  refuseNamed: (/** @type {string} */ it, /** @type {string} */ name) => filled(gettext("Refuse {it} from {name}"), { it, name }),
  cancel: gettext("Cancel"),
  cancelNamed: (/** @type {string} */ it) => filled(gettext("Cancel {it}"), { it }),
  save: gettext("Save again"),
  forget: (/** @type {string} */ it) => filled(gettext("Remove {it} from the list"), { it }),
  progress: (/** @type {string} */ it) => filled(gettext("Progress of {it}"), { it }),
  addresses: gettext("Accepting connects your two browsers directly: each learns the other’s network address."),
  tooMany: gettext("At most 20 files go at once."),
  tooManyMend: gettext("Put them into one archive, such as a zip file."),
  tooLarge: (/** @type {number} */ most) => filled(gettext("Not added: a file may have at most {most}. Make it smaller."), { most: size(most) }),
  isAdded: (/** @type {string} */ name) => filled(gettext("{name} is added."), { name }),
  isRemoved: (/** @type {string} */ name) => filled(gettext("{name} is removed."), { name }),
  show: gettext("Show"),
};
