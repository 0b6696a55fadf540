import { html, useLayoutEffect, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { keepInWindow } from "../ui/menu.js";

/** What a button of the header opens, below it; closes on a click elsewhere, and the button has the focus again. @param {{icon: string, title: string, lines: string[], onClose: () => void, children?: any}} props */
export function Note({ icon, title, lines, onClose, children }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    const button = /** @type {HTMLElement | null | undefined} */ (element.current?.parentElement?.querySelector("button"));
    keepInWindow(element.current);
    element.current?.focus();
    const outside = (/** @type {Event} */ event) =>
      !element.current?.parentElement?.contains(/** @type {Node} */ (event.target)) && onClose();
    document.addEventListener("pointerdown", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      if (element.current?.contains(document.activeElement)) (from?.isConnected && from !== document.body ? from : button)?.focus();
    };
  }, []);
  const closes = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.stopPropagation(), onClose());
  return html`
    <div ref=${element} class="mend mend--below" role="dialog" aria-label=${title} tabindex="-1" onKeyDown=${closes}>
      <p class="mend__title"><${Icon} name=${icon} /><b>${title}</b></p>
      ${lines.map((line) => html`<p class="mend__line" key=${line}>${line}</p>`)}
      ${children}
    </div>
  `;
}
