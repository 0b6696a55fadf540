/**
 * What is said of files: whole sentences with named values, ready for catalogues.
 * @typedef {import("../state/types").Transfer} Transfer
 */
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** "0 B", "4.2 kB", "310 MB", kept together in text of either direction. @param {number} bytes */
export function size(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const scaled = bytes / 1000 ** power;
  return `\u2068${power && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${UNITS[power]}\u2069`;
}

/** @param {number} seconds */
function left(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** "cells.pdf" or "3 files" @param {Pick<Transfer, "files">} transfer */
export const what = ({ files }) => (files.length === 1 ? (files[0]?.name ?? "") : `${files.length} files`);

/** @type {Record<string, {out: string, in: string}>} */
const failures = {
  not_reached: { out: "Not sent: the class could not be reached. Try again in a moment.", in: "" },
  gone: { out: "Not sent: the other person left the class.", in: "The other person left the class." },
  broken: {
    out: "Broken off: no connection to the other person for two minutes. Nothing of it is kept there; send it again.",
    in: "Broken off: no connection to the other person for two minutes. Nothing of it is kept; ask for it again.",
  },
  damaged: { out: "", in: "What arrived is not what was sent, so nothing of it is kept. Ask for it again." },
  unreadable: { out: "Stopped: the file was changed, moved or removed meanwhile. Choose it again.", in: "" },
  no_space: { out: "", in: "Not enough space on this device. Free some, then ask for it again." },
};
const failed = { out: "Stopped: this browser could not read the file. Choose it again.", in: "Stopped: this browser could not keep the file. Ask for it again." };

/** @param {Transfer} transfer */
function ended({ state, by, why, words, out, name }) {
  if (state === "refused") return by === "you" ? "You refused it." : `${name} refused it.`;
  if (state === "cancelled") return by === "you" ? "Cancelled. Nothing of it is kept." : `${name} cancelled it. Nothing of it is kept.`;
  if (by === "them") return out ? `${name} could not take it: no space there, or no connection.` : `${name} could not go on sending. Nothing of it is kept.`;
  return words || (failures[why ?? ""] ?? failed)[out ? "out" : "in"] || failed[out ? "out" : "in"];
}

/** How a transfer stands, in a line. @param {Transfer} transfer */
export function standing(transfer) {
  const { state, out, moved, total, rate, name } = transfer;
  const part = `${size(moved)} of ${size(total)}`;
  switch (state) {
    case "asked": return out ? `${size(total)} · waits until ${name} accepts` : size(total);
    case "connecting": return `${size(total)} · connecting…`;
    case "moving": return rate > 0 ? `${part} · ${left((total - moved) / rate)}` : part;
    case "interrupted": return `${part} · connection lost, going on as soon as it is back`;
    case "done": return out ? `${size(total)} · arrived` : `${size(total)} · saved in your downloads`;
    default: return ended(transfer);
  }
}

/** As a notice, where there is little room. @param {Transfer} transfer */
export function told({ state, out, name, files, by }) {
  const them = files.length === 1 ? "a file" : `${files.length} files`;
  if (state === "asked") return `${name} sends you ${them}.`;
  if (state === "done") return out ? `${name} has your ${files.length === 1 ? "file" : "files"}.` : `You have ${them} from ${name}.`;
  if (state === "refused" && out) return `${name} refused ${them}.`;
  if (state === "cancelled" && by === "them") return `${name} cancelled ${them}.`;
  return out ? `${name} did not get ${them}.` : `You did not get ${them} from ${name}.`;
}

/** @param {string} by */
export const added = (by) => (by ? `${by} added a file for everyone.` : "There is a new file for everyone.");

export const words = {
  title: "Files",
  count: (/** @type {number} */ count) => `Files, ${count}`,
  empty: "No files yet",
  emptyHint: "Drop a file on the room to give it to everyone in the class, or on one person to send it to them alone.",
  emptyOff: "Drop a file on the room to give it to everyone in the class.",
  forEveryone: "For everyone",
  betweenTwo: "From person to person",
  addFile: "Add a file for everyone",
  choosePerson: "Send to one person",
  by: (/** @type {string} */ name, /** @type {number} */ bytes) => (name ? `${name} · ${size(bytes)}` : size(bytes)),
  uploading: (/** @type {number} */ sent, /** @type {number} */ total) => (sent ? `${size(sent)} of ${size(total)}` : `${size(total)} · waiting`),
  checking: "Being stored…",
  uploadFailed: "Not added: the connection was lost. Choose it again.",
  download: (/** @type {string} */ name) => `Download ${name}`,
  remove: (/** @type {string} */ name) => `Remove ${name} for everyone`,
  removeTitle: (/** @type {string} */ name) => `Remove ${name} for everyone?`,
  removeNote: "Nobody can download it any more.",
  removeShort: "Remove",
  keep: "Keep",
  notRemoved: "The file was not removed.",
  sendTo: (/** @type {string} */ name) => `Send files to ${name}`,
  from: (/** @type {string} */ name) => `From ${name}`,
  to: (/** @type {string} */ name) => `To ${name}`,
  take: "Accept",
  takeNamed: (/** @type {string} */ it, /** @type {string} */ name) => `Accept ${it} from ${name}`,
  refuse: "Refuse",
  refuseNamed: (/** @type {string} */ it, /** @type {string} */ name) => `Refuse ${it} from ${name}`,
  cancel: "Cancel",
  cancelNamed: (/** @type {string} */ it) => `Cancel ${it}`,
  save: "Save again",
  forget: (/** @type {string} */ it) => `Remove ${it} from the list`,
  progress: (/** @type {string} */ it) => `Progress of ${it}`,
  addresses: "Accepting connects your two browsers directly: each learns the other’s network address.",
  tooMany: "At most 20 files go at once.",
  tooManyMend: "Put them into one archive, such as a zip file.",
  show: "Show",
};
