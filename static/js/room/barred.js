import { words } from "../leading/words.js";
import { heads, leads } from "../state/leading.js";
import { Avatar } from "../ui/avatar.js";
import { html } from "../ui/html.js";

/** Who has no way back, for those who lead; a teacher lets them in again. @param {Pick<import("../ui/act").Props, "state" | "act">} props */
export const BarredPeople = ({ state, act }) =>
  leads(state) &&
  state.barred.length > 0 &&
  html`<section>
    <h2 class="people__title">${words.barredTitle} <bdi>${state.barred.length}</bdi></h2>
    <ul role="list">
      ${state.barred.map(
        ({ id, name, hue, reason }) => html`<li class="person-row" key=${id}>
          <${Avatar} name=${name} hue=${hue} />
          <span class="person-row__name"><bdi>${name}</bdi>${reason && html`<small class="person-row__why" dir="auto">${reason}</small>`}</span>
          ${heads(state) && html`<button type="button" class="button button--row" aria-label=${words.admitNamed(name)} onClick=${() => act.lead({ type: "admit", participant: id })}>${words.admit}</button>`}
        </li>`,
      )}
    </ul>
  </section>`;
