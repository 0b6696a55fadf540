import { look } from "../state/views.js";
import { text } from "../text.js";
import { html, useEffect, useLayoutEffect, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/**
 * Why a device does not work and how to mend it, beside its button; goes by itself once it works.
 * @param {{device: import("../state/types").DeviceKind, onClose: () => void} & Pick<import("../ui/act").Props, "state" | "act">} props
 */
export function Mend({ device, state, act, onClose }) {
  const now = look(state[device]);
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const mended = now === "on" || now === "off";
  useEffect(() => {
    if (mended) onClose();
  }, [mended]);
  useLayoutEffect(() => {
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    element.current?.querySelector("button")?.focus();
    return () => from?.focus();
  }, []);
  const blocked = now === "blocked";
  const title = blocked ? text.blockedTitle[device] : now === "busy" ? text.busy[device] : text.missing[device];
  const giveUp = () => {
    onClose();
    act.giveUp(device);
  };
  return html`
    <div ref=${element} class="mend" role="dialog" aria-label=${title} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.stopPropagation(), onClose())}>
      <p class="mend__title"><${Icon} name=${device === "mic" ? "mic-off" : "video-off"} /><b>${title}</b></p>
      ${blocked && html`<ol>${text.blockedSteps(device).map((step) => html`<li key=${step}>${step}</li>`)}</ol>`}
      <div class="actions actions--end">
        <button type="button" class="button button--quiet" onClick=${giveUp}>${device === "mic" ? text.listenOnly : text.withoutVideo}</button>
        <button type="button" class="button button--primary" onClick=${() => act.tryAgain(device)}>${text.tryAgain}</button>
      </div>
    </div>
  `;
}
