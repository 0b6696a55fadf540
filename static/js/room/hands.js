import { words } from "../leading/words.js";
import { leads } from "../state/leading.js";
import { text } from "../text.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { useNow } from "../ui/time.js";

/** A raised hand with its place; teachers can lower it. @param {{person: import("../state/types").Person, place: number} & Pick<import("../ui/act").Props, "state" | "act">} props */
export function HandRow({ state, act, person, place }) {
  const now = useNow(15_000) + state.skew;
  const mayLower = state.you.role === "teacher" || person.id === state.you.id;
  return html`
    <div class="hand-row">
      <${Icon} name="hand" />
      <p><b><bdi>${place}.</bdi> <bdi>${person.name}</bdi></b> <bdi class="hand-row__since">${text.handSince(now - Date.parse(person.hand ?? ""))}</bdi></p>
      ${leads(state) &&
      html`<button type="button" class="button button--row" aria-label=${words.letSpeakNamed(person.name)} onClick=${() => act.lead({ type: "let_speak", participant: person.id })}>${words.letSpeak}</button>`}
      ${mayLower &&
      html`<button type="button" class=${leads(state) ? "button button--quiet icon-button icon-button--row" : "button button--row"} aria-label=${text.lowerHandOf(person.name)} onClick=${() => act.lowerHand(person.id)}>${leads(state) ? html`<${Icon} name="x" />` : text.notices.lower}</button>`}
    </div>
  `;
}
