// Keeps a page of times true while it stays open: what it says is fetched again each minute it is in view.
import { current } from "./current.js";

const EVERY = 60_000; // ms
let last = Date.now();

/** Put `fresh` in place of `shown`, and the focus back on the link it was on. @param {Element} shown @param {Element} fresh */
function replace(shown, fresh) {
  const focused = shown.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  shown.replaceChildren(...fresh.childNodes);
  const again = focused && [...shown.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
  if (again) again.focus();
  document.dispatchEvent(new Event("aula:fresh"));
}

async function refresh() {
  if (document.visibilityState !== "visible" || Date.now() - last < EVERY) return;
  if (document.querySelector("main :popover-open")) return; // somebody is being asked something
  last = Date.now();
  const shown = document.querySelector("main");
  const fresh = await current();
  if (shown && fresh && shown.textContent !== fresh.textContent) replace(shown, fresh);
}

setInterval(refresh, EVERY / 4);
document.addEventListener("visibilitychange", refresh);
