import { spokenText } from "../text.js";
import { html, useEffect, useState } from "./html.js";

const STAYS = 8000; // ms; afterwards it is old news to whoever reads through the page

/** What screen readers are told: politely, or at once. @param {{spoken: import("../state/types").State["spoken"]}} props */
export function Live({ spoken }) {
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
  `;
}
