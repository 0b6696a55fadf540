import { spokenText } from "../text.js";
import { html } from "./html.js";

/** What screen readers are told: politely, or at once. @param {{spoken: import("../state/types").State["spoken"]}} props */
export const Live = ({ spoken }) => html`
  <div class="visually-hidden" role="status" aria-live="polite">
    ${spoken && !spoken.urgent && html`<span key=${spoken.n}>${spokenText(spoken.what)}</span>`}
  </div>
  <div class="visually-hidden" role="alert" aria-live="assertive">
    ${spoken?.urgent && html`<span key=${spoken.n}>${spokenText(spoken.what)}</span>`}
  </div>
`;
