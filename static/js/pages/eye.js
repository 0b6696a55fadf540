// The eye in a password field: what was typed is shown while it is open, and never when the form is sent.

/** @param {HTMLButtonElement} eye */
function arm(eye) {
  const field = eye.previousElementSibling;
  if (!(field instanceof HTMLInputElement)) return;
  /** @param {boolean} shown */
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    eye.setAttribute("aria-label", (shown ? eye.dataset.hide : eye.dataset.show) ?? "");
  };
  field.spellcheck = false; // in the clear it would be sent to a browser's speller
  field.autocapitalize = "off";
  eye.addEventListener("click", () => show(field.type === "password"));
  field.form?.addEventListener("submit", () => show(false));
  addEventListener("pagehide", () => show(false)); // back, to a page that was left with it open
  eye.hidden = false;
}

document.querySelectorAll(".password__eye").forEach((eye) => arm(/** @type {HTMLButtonElement} */ (eye)));
