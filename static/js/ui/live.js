import { spokenText } from "../text.js";
import { html, useEffect, useState } from "./html.js";

const STAYS = 8000; // ms; afterwards it is old news to whoever reads through the page
/** How long what happened waits for more of its kind, ms. */
const GATHERS = /** @type {const} */ ({ hands: 3000, knock: 3000, chat: 5000, people: 30_000 });

/** What screen readers are told: politely, or at once. @param {Pick<import("./act").Props, "state" | "act">} props */
export function Live({ state: { spoken, gathered }, act }) {
  const [over, setOver] = useState(/** @type {typeof spoken} */ (null));
  useEffect(() => {
    const timer = setTimeout(() => setOver(spoken), STAYS);
    return () => clearTimeout(timer);
  }, [spoken]);
  const fresh = spoken === over ? null : spoken;
  return html`
    <div class="visually-hidden" role="status" aria-live="polite">
      ${fresh && !fresh.urgent && html`<span key=${fresh.n}>${spokenText(fresh.what)}</span>`}
    </div>
    <div class="visually-hidden" role="alert" aria-live="assertive">
      ${fresh?.urgent && html`<span key=${fresh.n}>${spokenText(fresh.what)}</span>`}
    </div>
    ${/** @type {(keyof typeof GATHERS)[]} */ (Object.keys(gathered)).map((kind) => html`<${Gathers} key=${kind} kind=${kind} act=${act} />`)}
  `;
}

/** Draws nothing: there from the first of its kind on, until they are told together. @param {{kind: keyof typeof GATHERS} & Pick<import("./act").Props, "act">} props */
function Gathers({ kind, act }) {
  useEffect(() => {
    const timer = setTimeout(() => act.sayGathered(kind), GATHERS[kind]);
    return () => clearTimeout(timer);
  }, []);
  return null;
}
