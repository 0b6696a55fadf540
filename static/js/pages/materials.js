// Files for a class, from its page or its course's: chosen or dropped, added one after the other, removed again.
import { takeDrops } from "../files/drops.js";
import { Uploads } from "../files/upload.js";
import { words } from "../files/words.js";
import { current } from "./current.js";

/** @typedef {import("../state/types").LocalEvent} LocalEvent @typedef {import("../state/types").Upload} Upload */

/** Stays while fresh.js puts a new page around it. */ const list = document.createElement("ul");
list.className = "files__list";
list.setAttribute("role", "list");
/** @type {Map<string, {upload: Upload, row: HTMLElement}>} */ const shown = new Map();
/** @type {HTMLButtonElement | null} */ let asked = null;

/** @template {HTMLElement} Kind @param {string} selector @param {ParentNode} [within] @returns {Kind} */
const part = (selector, within = place()) => /** @type {Kind} */ (within.querySelector(selector));
const place = () => part("[data-files]", document);

const csrf = place().dataset["csrf"] ?? "";
const address = place().dataset["files"] ?? "";
const taken = (/** @type {string} */ where) => fetch(where, { method: "DELETE", headers: { "X-CSRFToken": csrf } }).catch(() => null);
const uploads = new Uploads({ tell, address, csrf, remove: (id) => void taken(`${address}${id}/`) });

/** @param {LocalEvent} event */
function tell(event) {
  if (event.type === "upload") draw(event.key, event.more);
  if (event.type === "upload_gone") gone(event.key, Boolean(event.added));
}

/** @param {string} key @param {Partial<Upload>} more */
function draw(key, more) {
  const { row, upload } = shown.get(key) ?? { row: begun(key), upload: /** @type {Upload} */ ({ key }) };
  Object.assign(upload, more);
  shown.set(key, { row, upload });
  const { name, size, sent, state, words: why } = upload;
  const failed = state === "failed";
  part("article", row).className = `transfer transfer--${state}`;
  part("bdi", row).textContent = name;
  const bar = /** @type {HTMLProgressElement} */ (part("progress", row));
  bar.hidden = failed;
  bar.max = size || 1;
  bar.value = sent;
  bar.setAttribute("aria-label", words.progress(name));
  part(".transfer__state", row).textContent = failed ? why || words.uploadFailed : sent && sent >= size ? words.checking : words.uploading(sent, size);
  part("button", row).setAttribute("aria-label", failed ? words.forget(name) : words.cancelNamed(name));
  if (failed) say(`${name}: ${why || words.uploadFailed}`);
}

/** @param {string} key */
function begun(key) {
  const template = /** @type {HTMLTemplateElement} */ (part("template"));
  const row = /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
  part("button", row).addEventListener("click", () => {
    uploads.cancel(key);
    part("[data-choose]").focus();
  });
  list.append(row);
  return row;
}

/** @param {string} key @param {boolean} added or given up */
function gone(key, added) {
  const { row, upload } = shown.get(key) ?? {};
  row?.remove();
  shown.delete(key);
  if (!added) return;
  say(words.isAdded(upload?.name ?? ""));
  void renew();
}

/** What the class has now. */
async function renew() {
  const kept = (await current())?.querySelector("[data-kept]");
  if (!kept) return;
  part("[data-kept]", document).replaceWith(kept);
  armRows();
}

/** @param {string} sentence */
const say = (sentence) => void (part("[role=status]").textContent = sentence);

/** @param {File[]} files */
function add(files) {
  const most = Number(place().dataset["most"]);
  uploads.add(files.filter(({ size }) => size <= most));
  for (const { name, size } of files.filter(({ size }) => size > most))
    draw(crypto.randomUUID(), { name, size, sent: 0, state: "failed", words: words.tooLarge(most) });
}

/** @param {HTMLButtonElement} button */
function ask(button) {
  asked = button;
  part("#remove-title").textContent = words.removeTitle(button.dataset["name"] ?? "");
  part("[popover]").showPopover();
}

async function remove() {
  const { remove: where = "", name = "" } = asked?.dataset ?? {};
  part("[popover]").hidePopover();
  const answer = await taken(where);
  say(answer?.ok ? words.isRemoved(name) : words.notRemoved);
  if (answer?.ok) await renew();
  part("[data-choose]").focus();
}

function armRows() {
  for (const button of document.querySelectorAll("[data-remove]")) {
    /** @type {HTMLButtonElement} */ (button).hidden = false;
    button.addEventListener("click", () => ask(/** @type {HTMLButtonElement} */ (button)));
  }
}

function arm() {
  if (!place()) return; // somebody was removed from the class meanwhile
  const field = /** @type {HTMLInputElement} */ (part("input"));
  part("[data-choose]").addEventListener("click", () => field.click());
  field.addEventListener("change", () => {
    add([...(field.files ?? [])]);
    field.value = "";
  });
  part("[data-keep]").addEventListener("click", () => part("[popover]").hidePopover());
  part("[data-sure]").addEventListener("click", remove);
  place().append(list);
  place().hidden = false;
  armRows();
}

arm();
document.addEventListener("aula:fresh", arm);
takeDrops((_target, files) => add(files));
addEventListener("beforeunload", (event) => uploads.waiting.length && event.preventDefault());
