import { BackgroundDialog } from "../effects/background.js";
import { EchoTest } from "../effects/echo.js";
import { SoundDialog } from "../effects/sound.js";
import { words } from "../effects/words.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** Offers, never steps: hear yourself, and change how one is heard and seen. @param {import("../ui/act").Props} props */
export function Extras({ state, act, page }) {
  const [open, setOpen] = useState(/** @type {"sound" | "background" | null} */ (null));
  const close = () => setOpen(null);
  if (!globalThis.navigator?.mediaDevices) return null;
  return html`
    <div class="extras">
      <button type="button" class="button button--quiet button--row" aria-haspopup="dialog" onClick=${() => setOpen("sound")}><${Icon} name="sliders-horizontal" />${words.sound}</button>
      <button type="button" class="button button--quiet button--row" aria-haspopup="dialog" onClick=${() => setOpen("background")}><${Icon} name="image" />${words.background}</button>
      <${EchoTest} act=${act} />
      ${open === "sound" && html`<${SoundDialog} state=${state} act=${act} onClose=${close} />`}
      ${open === "background" && html`<${BackgroundDialog} state=${state} act=${act} page=${page} onClose=${close} />`}
    </div>
  `;
}
