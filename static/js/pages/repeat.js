// Reads back what is typed about a series, with what it clashes with, before anything is saved.

const PAUSE = 350; // ms without typing

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-preview]"));
const shown = document.querySelector(".repeat__preview");
let pausing = 0;
let asked = 0;

/** @param {HTMLFormElement} from @param {Element} to */
async function readBack(from, to) {
  const mine = ++asked;
  const answer = await fetch(from.dataset.preview ?? "", {
    method: "POST",
    body: new FormData(from),
    credentials: "same-origin",
  }).catch(() => null);
  if (mine !== asked || !answer?.ok || answer.redirected) return; // newer words are on their way
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked || to.textContent === page.body.textContent) return;
  const held = to.contains(document.activeElement) ? document.activeElement?.id : "";
  to.replaceChildren(...page.body.childNodes);
  if (held) document.getElementById(held)?.focus();
}

/** Once a series is asked for, the weekday of its date is chosen, unless others are. @param {HTMLFormElement} from */
function chooseWeekday(from) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...from.querySelectorAll("input[name=weekdays]")]);
  const day = /** @type {HTMLInputElement | null} */ (from.querySelector("input[name=date]"))?.value;
  const date = new Date(`${day}T00:00:00Z`);
  if (boxes.some((box) => box.checked) || Number.isNaN(date.getTime())) return;
  const found = boxes[(date.getUTCDay() + 6) % 7];
  if (found) found.checked = true;
}

/** @param {HTMLFormElement} from @param {Element} to */
function arm(from, to) {
  const repeat = /** @type {HTMLSelectElement | null} */ (from.querySelector("select[name=repeat]"));
  /** @param {EventTarget | null} changed */
  const follow = (changed) => {
    if (!repeat || repeat.value === "0") return;
    if (changed === repeat) chooseWeekday(from);
    clearTimeout(pausing);
    pausing = setTimeout(() => readBack(from, to), PAUSE);
  };
  from.addEventListener("input", (event) => follow(event.target));
  follow(repeat); // what was typed before this script was here, or before the page was left
}

if (form && shown) arm(form, shown);
