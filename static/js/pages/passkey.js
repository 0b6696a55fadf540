// Passkeys (WebAuthn): buttons that ask the browser for one, shown only where it can. The options come with the
// page, or from the form's `data-ask`; what the passkey signed goes back in the form.

/** @typedef {{ publicKey: any }} Options */

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {Promise<any>}
 */
async function optionsFor(form, name) {
  const { ask } = form.dataset;
  if (!ask) return JSON.parse(document.getElementById("passkey-options")?.textContent ?? "{}")[name];
  const answer = await fetch(ask, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`asked in vain: ${answer.status}`);
  return (await answer.json())[name];
}

/** @param {HTMLFormElement} form */
async function create(form) {
  /** @type {Options} */
  const { publicKey } = await optionsFor(form, "creation_options");
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

/** @param {HTMLFormElement} form */
async function get(form) {
  /** @type {Options} */
  const { publicKey } = await optionsFor(form, "request_options");
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

/** @param {HTMLFormElement} form */
function arm(form) {
  const button = form.querySelector("[data-go]");
  const said = form.querySelector("[data-said]");
  const field = form.elements.namedItem("credential");
  if (!(button instanceof HTMLButtonElement) || !said || !(field instanceof HTMLInputElement)) return;
  form.hidden = false;

  /** @param {Event} event */
  const go = async (event) => {
    event.preventDefault();
    said.textContent = "";
    button.setAttribute("aria-busy", "true");
    try {
      const found = await (form.dataset.passkey === "create" ? create(form) : get(form));
      field.value = JSON.stringify(/** @type {PublicKeyCredential} */ (found).toJSON());
      form.submit();
    } catch { // refused, cancelled, none there: browsers do not say which
      said.textContent = form.dataset.failed ?? "";
      button.removeAttribute("aria-busy");
    }
  };

  if (button.type === "submit") form.addEventListener("submit", go);
  else button.addEventListener("click", go);
}

const knows = "credentials" in navigator && typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
if (knows) {
  document.querySelectorAll("form[data-passkey]").forEach((form) => arm(/** @type {HTMLFormElement} */ (form)));
}
