import { Transfers } from "../room/transfers.js";
import { words as filesWords } from "../files/words.js";
import { words as guests } from "../guests/words.js";
import { words as leadingWords } from "../leading/words.js";
import { words as chatWords } from "../chat/words.js";
import { words as recording } from "../recording/words.js";
import { text } from "../text.js";
import { html, useEffect, useRef } from "./html.js";
import { PageHeader } from "./page.js";

/** @typedef {import("./act").Props} Props */

/** Class over, left, moved, barred: what happened and the next step. @param {Props} props */
export function Afterwards({ state, act, page }) {
  const { title, words: about, reason, code, actions } = story(state, act, page);
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus(), [title]);
  return html`
    <div class="shell">
      <${PageHeader} page=${page} />
      <main class="after" id="content">
        <section class="after__card card">
          <h1 ref=${heading} tabindex="-1">${title}</h1>
          ${reason && html`<blockquote class="after__reason" dir="auto">${leadingWords.reasonGiven(reason)}</blockquote>`}
          <p>${about}</p>
          <p class="after__class">${state.session.title} · ${state.session.course}</p>
          ${state.phase === "over" && html`<${Kept} kept=${state.kept} />`}
          <div class="actions">${actions}</div>
          ${state.phase === "over" && page.next && html`<p class="after__next"><a href=${page.next.url}>${text.nextClass(page.next)}</a></p>`}
          ${state.transfers.length > 0 &&
          html`<div class="after__files"><h2>${filesWords.title}</h2><${Transfers} transfers=${state.transfers} act=${act} /></div>`}
          ${code && html`<small class="after__code">${text.code(code)}</small>`}
        </section>
      </main>
    </div>
  `;
}

/** How far the recording is: said also to who does not see it. @param {{kept: Props["state"]["kept"]}} props */
const Kept = ({ kept }) => html`
  <p class="after__kept" role="status">
    ${kept && !kept.ready && html`<span class="spinner"></span>`}${kept && (kept.ready ? recording.ready : recording.preparing)}
  </p>
`;

/** @param {Props} props */
function whatNow({ state, act, page }) {
  if (!page.urls.course) return null;
  const { kept } = state;
  return html`
    ${kept?.ready && html`<a class="button button--primary" href=${kept.url}>${recording.play}</a>`}
    <a class=${kept?.ready ? "button" : "button button--primary"} href=${page.urls.class}>${text.toClassPage}</a>
    <a class="button" href=${page.urls.course}>${text.backToCourse}</a>
    ${state.messages.length > 0 && html`<button type="button" class="button button--quiet" onClick=${() => act.saveChat("txt")}>${chatWords.download}</button>`}
  `;
}

/** @param {Props["state"]} state @param {Props["act"]} act @param {Props["page"]} page */
function story(state, act, page) {
  const toClass = page.urls.course && html`<a class="button button--primary" href=${page.urls.course}>${text.backToCourse}</a>`;
  const quiet = page.urls.course && html`<a class="button" href=${page.urls.course}>${text.backToCourse}</a>`;
  switch (state.phase) {
    case "over":
      return { title: text.overTitle, words: text.over({ ...state.session, by: state.session.endedBy }), actions: whatNow({ state, act, page }) };
    case "moved":
      return {
        title: text.movedTitle,
        words: text.moved,
        actions: html`<button type="button" class="button button--primary" onClick=${act.useHere}>${text.useHere}</button>${quiet}`,
      };
    case "removed":
      return {
        title: leadingWords.removedTitle,
        words: state.removal?.barred ? leadingWords.barredPlain : leadingWords.removedPlain,
        reason: state.removal?.reason,
        actions: html`${toClass}${!state.removal?.barred && html`<button type="button" class="button" onClick=${act.useHere}>${text.joinAgain}</button>`}${
          page.school.contact && html`<a class="button" href=${`mailto:${page.school.contact}`}>${leadingWords.writeToSchool}</a>`
        }`,
      };
    case "turned_away":
      return {
        title: guests.turnedAwayTitle,
        words: guests.turnedAway,
        reason: state.removal?.reason,
        actions: html`<button type="button" class="button button--primary" onClick=${act.joinAgain}>${guests.askAgain}</button>`,
      };
    case "left":
      return {
        title: text.leftTitle,
        words: text.left,
        actions: html`<button type="button" class="button button--primary" onClick=${act.joinAgain}>${text.joinAgain}</button>${quiet}`,
      };
    default:
      if (state.refusal?.code === "signed_out")
        return {
          title: text.signedOutTitle,
          words: text.signedOut,
          actions: html`<a class="button button--primary" href=${location.pathname}>${text.signIn}</a>`,
        };
      return {
        title: state.you.role === "guest" ? guests.ended : text.barredTitle,
        words: [state.refusal?.text, state.refusal?.mend].filter(Boolean).join(" "),
        code: state.refusal?.code,
        actions: toClass,
      };
  }
}
