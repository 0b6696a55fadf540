// Shows a colour in both themes while it is being chosen. The server works it out, as it does when it is saved.

const AFTER = 150; // ms without a change
const picker = /** @type {HTMLInputElement} */ (document.querySelector("[data-picker]"));
const typed = /** @type {HTMLInputElement} */ (document.querySelector("[name=accent]"));
const COLOUR = /^#?([0-9a-f]{6})$/i;
let timer = 0;

/** @param {string} digits @returns {Promise<Element | null>} the part of the page that shows it */
async function tried(digits) {
  const answer = await fetch(`?accent=${digits}`, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-tried]");
}

/**
 * The new sheet first: nothing is shown without it. It stays where it is, for moved it would be fetched anew.
 * @param {Element} fresh
 */
async function put(fresh) {
  const shown = document.querySelector("[data-tried]");
  const sheet = fresh.querySelector("link");
  if (!shown || !sheet) return;
  await new Promise((loaded) => {
    sheet.onload = sheet.onerror = loaded;
    shown.prepend(document.adoptNode(sheet));
  });
  for (const old of [...shown.childNodes]) if (old !== sheet) old.remove();
  shown.append(...fresh.childNodes);
}

function show() {
  clearTimeout(timer);
  const digits = COLOUR.exec(typed.value.trim())?.[1]?.toLowerCase();
  if (!digits) return;
  picker.value = `#${digits}`;
  timer = window.setTimeout(async () => {
    const fresh = await tried(digits);
    if (fresh && typed.value.toLowerCase().includes(digits)) await put(fresh);
  }, AFTER);
}

typed.addEventListener("input", show);
picker.addEventListener("input", () => {
  typed.value = picker.value;
  show();
});
picker.hidden = false;
document.querySelector("[data-show]")?.remove(); // it shows by itself
