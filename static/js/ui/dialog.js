import { html, useLayoutEffect, useRef } from "./html.js";

/** A question over the page; the safe button comes first in focus. @param {{title: string, onClose: () => void, children?: any}} props */
export function Dialog({ title, onClose, children }) {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      dialog?.close(); // what is behind an open one takes no focus
      from?.focus();
    };
  }, []);
  return html`
    <dialog ref=${element} class="dialog" aria-labelledby="dialog-title" onClose=${onClose} onCancel=${onClose}>
      <h2 id="dialog-title">${title}</h2>
      ${children}
    </dialog>
  `;
}
