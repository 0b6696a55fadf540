// What lasts is said in a strip over the page: no network, an answer that is long in coming. Nothing typed is lost.

const BUSY = 300; // ms after a form is sent until its button shows it
const SAID = 3_000; // ms until a word says so
const STUCK = 10_000; // ms until there is a way out
let away = false;
let sent = false;
/** @type {HTMLElement | null} */
let button = null;
/** @type {number[]} */
let timers = [];

/** Show one line of components/strip.html, or none. @param {"offline" | "held" | "slow" | "stuck" | null} line */
function say(line) {
  for (const each of document.querySelectorAll("[data-strip]")) {
    /** @type {HTMLElement} */ (each).hidden = each.getAttribute("data-strip") !== line;
  }
}

/** A browser without any network still reaches an Aula on its own machine, so one answer is asked for. */
async function look() {
  away = !navigator.onLine && !(await fetch("/healthz", { method: "HEAD", cache: "no-store" }).catch(() => null));
  if (!sent) say(away ? "offline" : null);
}

/** @param {HTMLElement | null} pressed */
function wait(pressed) {
  sent = true;
  button = pressed;
  timers = [
    setTimeout(() => button?.setAttribute("aria-busy", "true"), BUSY),
    setTimeout(() => say("slow"), SAID),
    setTimeout(() => say("stuck"), STUCK),
  ];
}

function over() {
  timers.forEach(clearTimeout);
  button?.removeAttribute("aria-busy");
  sent = false;
  say(away ? "offline" : null);
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // another script sends it
  if (away || sent) event.preventDefault();
  if (away) return say("held");
  if (!sent) wait(event.submitter);
});
document.querySelector("[data-stop]")?.addEventListener("click", () => {
  stop();
  over();
});
addEventListener("pageshow", (event) => event.persisted && over()); // back, to a page that was left while it was sent
addEventListener("offline", look);
addEventListener("online", look);
void look();
