import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { useMedia } from "../ui/time.js";
import { BackgroundDialog } from "../effects/background.js";
import { SoundDialog } from "../effects/sound.js";
import { leads } from "../state/leading.js";
import { text } from "../text.js";
import { AlertsDialog } from "./alerts.js";
import { Bar } from "./bar.js";
import { CaptionStrip } from "./captions.js";
import { dropForClass, useDrop } from "./drop.js";
import { EndDialog } from "./end.js";
import { Header } from "./header.js";
import { useFloating } from "./floating.js";
import { HelpDialog } from "./help.js";
import { onKeys } from "./keys.js";
import { MarkDialog } from "./marks.js";
import { Panel } from "./panel.js";
import { PollStrip } from "./polls.js";
import { ConsentStrip } from "./recording.js";
import { RulesDialog } from "./rules.js";
import { Sounds } from "./sounds.js";
import { Stage } from "./stage.js";
import { Strip } from "./strip.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {"wide" | "middle" | "phone" | "low"} Form how much room the window gives */

/** @returns {Form} */
function useForm() {
  const phone = useMedia("(max-width: 639.98px)");
  const low = useMedia("(max-height: 500px) and (orientation: landscape)");
  const middle = useMedia("(max-width: 1023.98px)");
  return low ? "low" : phone ? "phone" : middle ? "middle" : "wide";
}

/** The live class. @param {Props} props */
export function Room({ state, act, page }) {
  const form = useForm();
  const beside = useMedia("(min-width: 1024px), (min-aspect-ratio: 1/1)");
  const [ending, setEnding] = useState(false);
  const [keeping, setKeeping] = useState(false);
  const [marking, setMarking] = useState(false);
  const [ruling, setRuling] = useState(false);
  const [alerting, setAlerting] = useState(false);
  const [helping, setHelping] = useState(false);
  const [treating, setTreating] = useState(/** @type {"sound" | "background" | null} */ (null));
  const [choosing, onChoosing] = useState(/** @type {import("./header").Choosing} */ (null));
  const [shown, onShown] = useState(/** @type {string[]} */ ([]));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const room = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef({ state, act, float: () => {} });
  useEffect(() => heading.current?.focus(), []);
  useLayoutEffect(() => onKeys(() => latest.current, () => room.current, () => setHelping(true)), []); // a key pressed at once counts
  useDrop({ act });
  const floating = useFloating({ state, act });
  latest.current = { state, act, float: floating.turn };
  const parts = { state, act, page, form, end: () => setEnding(true), mark: () => setMarking(true), rules: () => setRuling(true), alerts: () => setAlerting(true), help: () => setHelping(true), treat: setTreating, kept: { open: keeping, turn: setKeeping }, choosing, onChoosing, floating, shown, onShown };
  return html`
    <div ref=${room} class=${`room room--${form}`} data-panel=${state.panel ?? "none"} ...${dropForClass(state)}>
      <a class="skip-link" href="#stage">${text.skipToClass}</a>
      ${state.panel === "chat" && html`<a class="skip-link" href="#chat-field">${text.skipToChat}</a>`}
      <${Header} ...${parts} heading=${heading} />
      <${Strip} state=${state} act=${act} page=${page}><${ConsentStrip} ...${parts} /><${PollStrip} state=${state} act=${act} /><${CaptionStrip} state=${state} act=${act} /><//>
      <div class=${beside ? "room__body" : "room__body room__body--stacked"}>
        <${Stage} ...${parts} tight=${form === "phone" && state.panel !== null} />
        ${state.panel && html`<${Panel} state=${state} act=${act} page=${page} />`}
      </div>
      <footer class="room__controls"><${Bar} ...${parts} /></footer>
      <${Sounds} state=${state} />
      ${treating === "sound" && html`<${SoundDialog} state=${state} act=${act} onClose=${() => setTreating(null)} />`}
      ${treating === "background" && html`<${BackgroundDialog} state=${state} act=${act} page=${page} onClose=${() => setTreating(null)} />`}
      ${ruling && leads(state) && html`<${RulesDialog} state=${state} act=${act} onClose=${() => setRuling(false)} />`}
      ${marking && html`<${MarkDialog} act=${act} onClose=${() => setMarking(false)} />`}
      ${alerting && html`<${AlertsDialog} state=${state} act=${act} onClose=${() => setAlerting(false)} />`}
      ${helping && html`<${HelpDialog} state=${state} onClose=${() => setHelping(false)} />`}
      ${ending && html`<${EndDialog} state=${state} act=${act} onClose=${() => setEnding(false)} />`}
    </div>
  `;
}
