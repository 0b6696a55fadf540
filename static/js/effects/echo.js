import { canEcho } from "../media/echo.js";
import { html, useEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { words } from "./words.js";

/** @typedef {import("../media/echo").Told} Told */

/** Speak, and hear yourself on the chosen speaker: an offer, never a step. @param {Pick<import("../ui/act").Props, "act">} props */
export function EchoTest({ act }) {
  const [told, setTold] = useState(/** @type {Told | null} */ (null));
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);
  if (!canEcho()) return null;
  const phase = told?.phase;
  const runs = phase === "recording" || phase === "playing";
  const press = () => {
    stop.current();
    stop.current = runs ? () => {} : act.echo(setTold);
    if (runs) setTold(null);
  };
  return html`
    <div class="echo">
      <button type="button" class="button button--quiet button--row" onClick=${press}>
        <${Icon} name=${runs ? "square" : phase ? "rotate-ccw" : "headphones"} />${runs ? words.echoStop : phase ? words.echoAgain : words.echo}
      </button>
      ${told && runs && html`<${Progress} told=${told} />`}
      <div role="status">${told && html`<${Verdict} phase=${told.phase} />`}</div>
    </div>
  `;
}

/** @param {{told: Told}} props */
const Progress = ({ told }) => html`
  <div class="echo__progress">
    <progress max="1" value=${told.share} aria-label=${words.echo}></progress>
    <span class="figures" aria-hidden="true">${words.secondsLeft(told.left)}</span>
  </div>
`;

/** @param {{phase: Told["phase"]}} props */
function Verdict({ phase }) {
  if (phase === "recording" || phase === "playing") return html`<p class="echo__words">${phase === "recording" ? words.echoSpeak : words.echoListen}</p>`;
  const good = phase === "heard";
  return html`<p class=${good ? "note note--good" : "note note--warn"}><${Icon} name=${good ? "circle-check" : "info"} /><span>${words.verdict[phase]}</span></p>`;
}
