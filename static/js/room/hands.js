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
      ${mayLower &&
      html`<button type="button" class="button button--row" aria-label=${text.lowerHandOf(person.name)} onClick=${() => act.lowerHand(person.id)}>${text.notices.lower}</button>`}
    </div>
  `;
}
