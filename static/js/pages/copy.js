// Buttons that copy a link: shown only where the browser can.

/** @param {HTMLButtonElement} button */
function arm(button) {
  const words = button.querySelector("span");
  const before = words?.textContent ?? "";
  const status = document.querySelector("[data-copied]");
  if (words) words.dataset.longer = button.dataset.done ?? "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = button.dataset.copy ?? "";
    const copied = await navigator.clipboard.writeText(address).then(() => true, () => false);
    const done = copied ? (button.dataset.done ?? "") : address; // not allowed: shown, to be copied by hand
    if (words) words.textContent = done;
    if (status) status.textContent = done;
    setTimeout(() => {
      if (words) words.textContent = before;
      if (status) status.textContent = "";
    }, 4000);
  });
}

function armAll() {
  if (!navigator.clipboard) return;
  document.querySelectorAll("button[data-copy]").forEach((button) => arm(/** @type {HTMLButtonElement} */ (button)));
}

armAll();
document.addEventListener("aula:fresh", armAll); // fresh.js put new buttons in
