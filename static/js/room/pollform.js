import { words } from "../polls/words.js";
import { lacks } from "../state/polls.js";
import { html, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props @typedef {import("../state/types").PollDraft} Draft */

const FEWEST = 2;
const MOST = 6;
const LONGEST_QUESTION = 300;
const LONGEST_ANSWER = 100;

/** What whoever leads writes to ask; kept until it is asked or given up. @param {{draft: Draft, runs: boolean} & Pick<Props, "act">} props */
export function PollForm({ draft, runs, act }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [found, setFault] = useState(/** @type {ReturnType<typeof lacks>} */ (null));
  const fault = found === lacks(draft) ? found : null; // until it is mended
  useLayoutEffect(() => field.current?.focus(), []);
  const ask = (/** @type {Event} */ event) => {
    event.preventDefault();
    const lacking = lacks(draft);
    setFault(lacking);
    if (lacking === "question") field.current?.focus();
    if (!lacking && draft.key === null) act.askPoll(draft);
  };
  const error = (/** @type {string} */ text) => html`<p class="field__error" id="poll-fault" role="alert"><${Icon} name="circle-alert" />${text}</p>`;
  return html`
    <form class="poll-form" aria-labelledby="poll-form" onSubmit=${ask}>
      <h2 class="people__title" id="poll-form">${words.newPoll}</h2>
      ${runs && html`<p class="note">${words.endFirst}</p>`}
      <div class="field">
        <label for="poll-question">${words.question}</label>
        <input ref=${field} id="poll-question" class="input" maxlength=${LONGEST_QUESTION} autocomplete="off" value=${draft.question} aria-invalid=${fault === "question" ? "true" : undefined} aria-describedby=${fault === "question" ? "poll-fault" : undefined} onInput=${(/** @type {any} */ event) => act.draftPoll({ question: event.target.value })} />
        ${fault === "question" && error(words.missing.question)}
      </div>
      <${Answers} draft=${draft} act=${act} fault=${fault} />
      ${fault && fault !== "question" && error(words.missing[fault])}
      <div class="poll-form__ways">
        <${Way} word=${words.several} on=${draft.several} turn=${(/** @type {boolean} */ several) => act.draftPoll({ several })} />
        <${Way} word=${words.byName} hint=${words.byNameHint} on=${draft.byName} turn=${(/** @type {boolean} */ byName) => act.draftPoll({ byName })} />
        <${Way} word=${words.live} on=${draft.live} turn=${(/** @type {boolean} */ live) => act.draftPoll({ live })} />
      </div>
      <div class="actions">
        <button type="submit" class="button" aria-busy=${draft.key ? "true" : undefined}>${draft.key ? words.starting : words.start}</button>
        <button type="button" class="button button--quiet" onClick=${() => act.draftPoll(null)}>${words.cancel}</button>
      </div>
    </form>
  `;
}

/** @param {{draft: Draft, fault: ReturnType<typeof lacks>} & Pick<Props, "act">} props */
function Answers({ draft, act, fault }) {
  const { choices } = draft;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const write = (/** @type {number} */ at, /** @type {string} */ text) => act.draftPoll({ choices: choices.map((each, n) => (n === at ? text : each)) });
  const wrong = fault === "choices" || fault === "same";
  const add = () => {
    act.draftPoll({ choices: [...choices, ""] });
    setTimeout(() => /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector("li:last-child input"))?.focus());
  };
  return html`
    <fieldset class="field">
      <legend>${words.answers}</legend>
      <ol ref=${list} class="poll-form__answers" role="list">
        ${choices.map(
          (choice, n) => html`
            <li key=${n}>
              <input class="input" maxlength=${LONGEST_ANSWER} autocomplete="off" aria-label=${words.answer(n + 1)} placeholder=${words.answer(n + 1)} value=${choice} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? "poll-fault" : undefined} onInput=${(/** @type {any} */ event) => write(n, event.target.value)} />
              ${choices.length > FEWEST && html`<button type="button" class="button button--quiet icon-button" aria-label=${words.removeAnswer(n + 1)} onClick=${() => act.draftPoll({ choices: choices.filter((_, each) => each !== n) })}><${Icon} name="x" /></button>`}
            </li>
          `,
        )}
      </ol>
      ${choices.length < MOST && html`<button type="button" class="button button--quiet button--row poll-form__add" onClick=${add}><${Icon} name="plus" />${words.addAnswer}</button>`}
    </fieldset>
  `;
}

/** @param {{word: string, hint?: string, on: boolean, turn: (on: boolean) => void}} props */
const Way = ({ word, hint, on, turn }) => html`
  <label class="check"><input type="checkbox" checked=${on} onChange=${(/** @type {any} */ event) => turn(event.target.checked)} /><span>${word}${hint && html`<span class="field__hint">${hint}</span>`}</span></label>
`;
