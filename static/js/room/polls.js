import { percent, words } from "../polls/words.js";
import { leads } from "../state/leading.js";
import { running, unanswered } from "../state/polls.js";
import { Dialog } from "../ui/dialog.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { PollForm } from "./pollform.js";

/** @typedef {import("../ui/act").Props} Props @typedef {import("../classroom/protocol").Poll} Poll */

/** All polls of the class, the latest first. @param {Pick<Props, "state" | "act">} props */
export function Polls({ state, act }) {
  const all = state.polls.toReversed();
  const runs = running(state) !== null;
  if (state.pollDraft && leads(state)) return html`<div class="polls"><${PollForm} draft=${state.pollDraft} runs=${runs} act=${act} /></div>`;
  if (!all.length) return html`<${Empty} state=${state} act=${act} />`;
  return html`
    <div class="polls" tabindex="0" role="region" aria-label=${words.title}>
      ${leads(state) && !runs && html`<${Ask} act=${act} />`}
      ${all.map((poll) => html`<${Card} key=${poll.id} poll=${poll} state=${state} act=${act} />`)}
    </div>
  `;
}

/** @param {Pick<Props, "act">} props */
const Ask = ({ act }) => html`
  <div class="actions">
    <button type="button" class="button" onClick=${() => act.draftPoll({})}><${Icon} name="plus" />${words.ask}</button>
    <button type="button" class="button button--quiet" onClick=${act.askYesNo}>${words.askYesNo}</button>
  </div>
`;

/** @param {Pick<Props, "state" | "act">} props */
const Empty = ({ state, act }) => html`
  <div class="polls polls--empty empty">
    <${Icon} name="chart-bar" />
    <h2>${words.empty}</h2>
    <p>${leads(state) ? words.emptyTeacher : words.emptyStudent}</p>
    ${leads(state) && html`<${Ask} act=${act} />`}
  </div>
`;

/** @param {{poll: Poll} & Pick<Props, "state" | "act">} props */
function Card({ poll, state, act }) {
  const leading = leads(state);
  const over = poll.ended_at !== null;
  const votes = !over && !leading;
  return html`
    <article class="poll" aria-labelledby=${`poll-${poll.id}`}>
      <p class=${over ? "badge" : "badge badge--good"}>${!over && html`<span class="badge__dot"></span>`}${over ? words.over : words.runs}</p>
      <h2 class="poll__question" id=${`poll-${poll.id}`}><bdi>${poll.question}</bdi></h2>
      ${votes ? html`<${Ballot} poll=${poll} state=${state} act=${act} />` : html`<${Result} poll=${poll} />`}
      ${votes && poll.counts && html`<${Result} poll=${poll} />`}
      ${(leading || over) && html`<p class="poll__note">${howMany(poll, state)}</p>`}
      ${leading && html`<p class="poll__note"><${Icon} name=${poll.by_name ? "eye" : "eye-off"} />${poll.by_name ? words.namedLead : words.anonymous}</p>`}
      ${leading && html`<${Lead} poll=${poll} act=${act} />`}
    </article>
  `;
}

/** @param {Poll} poll @param {Props["state"]} state */
function howMany({ voters, ended_at }, { people }) {
  if (!voters) return ended_at ? words.nobodyVoted : words.nobody;
  const students = Object.values(people).filter(({ role }) => role !== "teacher").length;
  return ended_at || voters > students ? words.voters(voters) : words.votersOf(voters, students);
}

/** Where a student votes, and votes anew. @param {{poll: Poll} & Pick<Props, "state" | "act">} props */
function Ballot({ poll, state, act }) {
  const sent = state.voting?.poll === poll.id ? state.voting.chosen : null;
  const counts = sent ?? poll.mine ?? [];
  const [chosen, setChosen] = useState(/** @type {number[] | null} */ (null));
  const now = chosen ?? counts;
  const turn = (/** @type {number} */ choice) => setChosen(!poll.several ? [choice] : now.includes(choice) ? now.filter((each) => each !== choice) : [...now, choice]);
  const vote = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!now.length) return;
    act.vote(poll.id, [...now].sort());
    setChosen(null);
  };
  const same = String([...now].sort()) === String(counts);
  return html`
    <form class="poll__ballot" onSubmit=${vote}>
      <p class="poll__note"><${Icon} name=${poll.by_name ? "eye" : "eye-off"} />${poll.by_name ? words.named : words.anonymous}</p>
      <fieldset class="poll__choices">
        <legend class="poll__note">${poll.several ? words.chooseSeveral : words.chooseOne}</legend>
        ${poll.choices.map(
          (choice, index) => html`
            <label key=${index} class="poll__choice">
              <input type=${poll.several ? "checkbox" : "radio"} name=${`choice-${poll.id}`} checked=${now.includes(index)} onChange=${() => turn(index)} />
              <bdi>${choice}</bdi>
            </label>
          `,
        )}
      </fieldset>
      <div class="actions">
        ${(!poll.mine || !same) && html`<button type="submit" class="button" aria-busy=${sent ? "true" : undefined} aria-disabled=${now.length ? undefined : "true"}>${sent ? words.voting : poll.mine ? words.change : words.vote}</button>`}
      </div>
      <p class="poll__note" role="status">${poll.mine && same && !sent ? html`<${Icon} name="check" />${words.voted}` : ""}</p>
    </form>
  `;
}

/** @param {{poll: Poll}} props */
function Result({ poll }) {
  const { counts, voters, mine } = poll;
  if (!counts) return html`<p class="poll__note">${words.hidden}</p>`;
  return html`
    <ol class="poll__result" role="list">
      ${poll.choices.map((choice, index) => {
        const count = counts[index] ?? 0;
        const names = poll.votes.filter(({ chosen }) => chosen.includes(index)).map(({ name }) => name);
        return html`
          <li key=${index}>
            <p class="poll__line"><bdi>${choice}</bdi>${mine?.includes(index) && html` <span class="poll__mine"><${Icon} name="check" />${words.yours}</span>`} <span class="poll__count">${words.votes(count)} · ${percent(count, voters ?? 0)}</span></p>
            <progress class="poll__bar" aria-hidden="true" value=${count} max=${voters || 1}></progress>
            ${names.length > 0 && html`<p class="poll__names">${names.map((name, n) => html`${n ? ", " : ""}<bdi>${name}</bdi>`)}</p>`}
          </li>
        `;
      })}
    </ol>
  `;
}

/** @param {{poll: Poll} & Pick<Props, "act">} props */
function Lead({ poll, act }) {
  const [asks, setAsks] = useState(false);
  const over = poll.ended_at !== null;
  const yes = () => {
    setAsks(false);
    act.lead({ type: "delete_poll", poll: poll.id });
  };
  return html`
    <div class="actions">
      ${over
        ? html`<button type="button" class="button button--row" onClick=${() => act.lead({ type: "show_poll", poll: poll.id })}>${words.showResult}</button>`
        : html`<button type="button" class="button" onClick=${() => act.lead({ type: "end_poll", poll: poll.id })}>${words.end}</button>`}
      <button type="button" class="button button--danger-quiet button--row" aria-label=${words.deleteNamed(poll.question)} onClick=${() => setAsks(true)}>${words.delete}</button>
      ${asks &&
      html`<${Dialog} title=${words.deleteTitle} onClose=${() => setAsks(false)}>
        <p>${words.deleteNote}</p>
        <div class="actions actions--end">
          <button type="button" class="button" autofocus onClick=${() => setAsks(false)}>${words.keep}</button>
          <button type="button" class="button button--danger" onClick=${yes}>${words.deleteYes}</button>
        </div>
      <//>`}
    </div>
  `;
}

/** Under the header until it is answered, or over: who does not look at the panel is asked as well. @param {Pick<Props, "state" | "act">} props */
export function PollStrip({ state, act }) {
  const poll = unanswered(state);
  if (!poll || state.panel === "polls") return null;
  return html`
    <div class="room__strip room__strip--asks room__strip--poll">
      <${Icon} name="chart-bar" /><span class="poll__asks">${words.asks(poll.question)}</span>
      <button type="button" class="button button--row" onClick=${() => act.openPanel("polls")}>${words.answerIt}</button>
    </div>
  `;
}
