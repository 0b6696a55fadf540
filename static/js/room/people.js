import { words as guests } from "../guests/words.js";
import { words as leadingWords } from "../leading/words.js";
import { leads, leadShown } from "../state/leading.js";
import { words } from "../chat/words.js";
import { mayWhisper } from "../state/chat.js";
import { hands, muted, seated, tracksOf } from "../state/views.js";
import { text } from "../text.js";
import { Avatar } from "../ui/avatar.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { RowActions } from "./actions.js";
import { BarredPeople } from "./barred.js";
import { dropFor, SendButton } from "./drop.js";
import { HandRow } from "./hands.js";
import { WaitingPeople } from "./waiting.js";

/** @typedef {import("../ui/act").Props} Props */

const SEARCH_FROM = 8;

/** Whoever is inside is listed: raised hands, teachers, the rest by name. @param {Pick<Props, "state" | "act" | "page">} props */
export function People({ state, act, page }) {
  const [wanted, setWanted] = useState("");
  const everybody = seated(state);
  const found = everybody.filter((person) => person.name.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()));
  const teachers = found.filter((person) => person.role === "teacher");
  const others = found.filter((person) => person.role !== "teacher").sort((a, b) => a.name.localeCompare(b.name));
  const raised = hands(state);
  return html`
    ${everybody.length >= SEARCH_FROM &&
    html`<div class="people__search">
      <input class="input" type="search" aria-label=${text.search} placeholder=${text.search} value=${wanted} onInput=${(/** @type {Event} */ event) => setWanted(/** @type {HTMLInputElement} */ (event.target).value)} />
    </div>`}
    <div class="people" tabindex="0" role="region" aria-label=${text.people}>
      ${!wanted && html`<${WaitingPeople} state=${state} act=${act} />`}
      ${!wanted && raised.length > 0 &&
      html`<section>
        <div class="people__head">
          <h2 class="people__title">${text.hands} <bdi>${raised.length}</bdi></h2>
          ${leads(state) && raised.length > 1 && html`<button type="button" class="as-link" onClick=${() => act.lead({ type: "lower_hands" })}>${leadingWords.lowerAll}</button>`}
        </div>
        <ol class="people__hands" role="list">
          ${raised.map((person, index) => html`<li key=${person.id}><${HandRow} state=${state} act=${act} person=${person} place=${index + 1} /></li>`)}
        </ol>
      </section>`}
      <${Group} title=${text.teachers} people=${teachers} state=${state} act=${act} />
      <${Group} title=${text.inClass} people=${others} state=${state} act=${act} />
      ${!wanted && html`<${BarredPeople} state=${state} act=${act} />`}
      ${!wanted && leads(state) && page.urls.guests && html`<a class="button button--quiet people__invite" href=${page.urls.guests} target="_blank"><${Icon} name="user-plus" />${guests.invite}</a>`}
      ${!found.length && html`<p class="chat__event">${text.nobodyFound}</p>`}
    </div>
  `;
}

/** @param {{title: string, people: import("../state/types").Person[]} & Pick<Props, "state" | "act">} props */
const Group = ({ title, people, state, act }) =>
  people.length > 0 &&
  html`<section>
    <h2 class="people__title">${title} <bdi>${people.length}</bdi></h2>
    <ul role="list">
      ${people.map((person) => html`<${PersonRow} key=${person.id} person=${person} state=${state} act=${act} />`)}
    </ul>
  </section>`;

/** @param {{person: import("../state/types").Person} & Pick<Props, "state" | "act">} props */
function PersonRow({ person, state, act }) {
  const silent = muted(state, person.id);
  const camera = tracksOf(state, person.id).camera;
  const mark = leadShown(state) && person.id === state.lead ? leadingWords.leadsNow : person.co_teacher ? leadingWords.coTeacher : person.role === "guest" ? guests.guest : null;
  const seen = Boolean(camera?.media && !camera.muted);
  return html`
    <li class="person-row" ...${dropFor(state, person)}>
      <${Avatar} name=${person.name} hue=${person.hue} />
      <span class="person-row__name"><bdi>${person.id === state.you.id ? text.nameYou(person.name) : person.name}</bdi>${mark && html`<small class="person-row__why">${mark}</small>`}</span>
      ${mayWhisper(state, person.id) && html`<button type="button" class="button button--quiet icon-button person-row__send" aria-label=${words.writeTo(person.name)} data-tip=${words.writeTo(person.name)} onClick=${() => { act.write({ to: person.id }); act.openPanel("chat"); }}><${Icon} name="message-square" /></button>`}
      <${SendButton} person=${person} state=${state} act=${act} />
      ${person.hand && html`<span class="person-row__hand"><${Icon} name="hand" /><span class="visually-hidden">${text.hands}</span></span>`}
      <span class=${silent ? "person-row__off" : ""}><${Icon} name=${silent ? "mic-off" : "mic"} /><span class="visually-hidden">${silent ? text.micOff : text.micOn}</span></span>
      <span class=${seen ? "" : "person-row__off"}><${Icon} name=${seen ? "video" : "video-off"} /><span class="visually-hidden">${seen ? text.cameraOn : text.cameraOff}</span></span>
      <${RowActions} person=${person} state=${state} act=${act} />
    </li>
  `;
}
