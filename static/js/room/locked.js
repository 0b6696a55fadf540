import { words } from "../leading/words.js";
import { handUp } from "../state/views.js";
import { text } from "../text.js";
import { html, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { BarButton } from "./button.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {"mic" | "camera" | "screen"} What */

const ICONS = { mic: "mic-off", camera: "video-off", screen: "monitor-x" };

/** In place of a button that the rules take from students: it stays, says why, and offers to raise a hand. @param {{what: What} & Pick<Props, "state" | "act">} props */
export function LockedButton({ what, state, act }) {
  const [open, setOpen] = useState(false);
  return html`
    <div class="split split--locked menu-anchor">
      <${BarButton} look="locked" icon=${ICONS[what]} word=${words.locked[what]} name=${words.lockedName[what]} unavailable expanded=${open} act=${() => setOpen(!open)}>
        <span class="lock-mark"><${Icon} name="lock" /></span>
      <//>
      ${open && html`<${Why} what=${what} state=${state} act=${act} onClose=${() => setOpen(false)} />`}
    </div>
  `;
}

/** @param {{what: What, onClose: () => void} & Pick<Props, "state" | "act">} props */
function Why({ what, state, act, onClose }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    element.current?.querySelector("button")?.focus();
    const outside = (/** @type {Event} */ event) => !element.current?.parentElement?.contains(/** @type {Node} */ (event.target)) && onClose();
    document.addEventListener("pointerdown", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      if (element.current?.contains(document.activeElement)) from?.focus();
    };
  }, []);
  const up = handUp(state);
  const closes = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.stopPropagation(), onClose());
  const raise = () => {
    onClose();
    act.hand();
  };
  return html`
    <div ref=${element} class="mend" role="dialog" aria-label=${words.lockedTitle[what]} onKeyDown=${closes}>
      <p class="mend__title"><${Icon} name="lock" /><b>${words.lockedTitle[what]}</b></p>
      <p class="mend__line">${words.lockedLine[what]}</p>
      <div class="actions actions--end">
        ${what !== "camera" && !up && html`<button type="button" class="button" onClick=${raise}><${Icon} name="hand" />${text.raiseHand}</button>`}
        <button type="button" class="button button--quiet" onClick=${onClose}>${words.understood}</button>
      </div>
    </div>
  `;
}
