import { words as captions } from "../captions/words.js";
import { words } from "../leading/words.js";
import { words as pollWords } from "../polls/words.js";
import { leads } from "../state/leading.js";
import { hands } from "../state/views.js";
import { Dialog } from "../ui/dialog.js";
import { words as guests } from "../guests/words.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Switch } from "./switch.js";

/** @typedef {import("../ui/act").Props} Props */

const RULES = /** @type {const} */ (["mic", "camera", "screen", "chat", "private_chat"]);

/** What students may do, and the lock: each switch counts at once. @param {{onClose: () => void} & Pick<Props, "state" | "act">} props */
export function RulesDialog({ state, act, onClose }) {
  const { rules } = state;
  const hints = /** @type {Partial<Record<import("../state/leading").Rule, string>>} */ (words.ruleHint);
  return html`
    <${Dialog} title=${words.rules} onClose=${onClose}>
      <p>${words.rulesNote}</p>
      <div class="switches" role="group" aria-labelledby="students-may">
        <h3 class="switches__title" id="students-may">${words.studentsMay}</h3>
        ${RULES.map((rule) => html`<${Switch} key=${rule} word=${words.rule[rule]} hint=${hints[rule]} on=${rules[rule]} turn=${(/** @type {boolean} */ on) => act.lead({ type: "set_rules", [rule]: on })} />`)}
      </div>
      <div class="switches switches--apart">
        ${state.captions.allowed && html`<${Switch} word=${captions.rule} hint=${captions.ruleNote} on=${rules.captions} turn=${(/** @type {boolean} */ on) => act.lead({ type: "set_rules", captions: on })} />`}
        <${Switch} word=${words.lock} hint=${words.lockNote} on=${rules.locked} turn=${(/** @type {boolean} */ on) => act.lead({ type: "set_rules", locked: on })} />
        <${Switch} word=${guests.waitingRoom} hint=${guests.waitingRoomNote} on=${rules.waiting_room} turn=${(/** @type {boolean} */ on) => act.lead({ type: "set_rules", waiting_room: on })} />
      </div>
      <div class="actions actions--end"><button type="button" class="button" onClick=${onClose}>${words.close}</button></div>
    <//>
  `;
}

/** What whoever leads does to the whole class: rows of a menu. @param {Props["state"]} state @param {Props["act"]} act @param {() => void} open */
export function classRows(state, act, open) {
  if (!leads(state)) return [];
  return [
    { label: pollWords.title, icon: "chart-bar", act: () => act.openPanel("polls") },
    { label: words.rulesShort, icon: "shield", act: open },
    { label: words.muteAll, icon: "mic-off", act: () => act.lead({ type: "stop", what: /** @type {const} */ ("mic") }) },
    ...(hands(state).length ? [{ label: words.lowerAllHands, icon: "hand", act: () => act.lead({ type: "lower_hands" }) }] : []),
  ];
}

/** In the header while the class is locked: a teacher who forgets it wonders where the others are. @param {{open: () => void} & Pick<Props, "state">} props */
export const LockBadge = ({ state, open }) =>
  leads(state) && state.rules.locked && html`<button type="button" class="rec rec--paused lock-badge" aria-label=${words.lock} onClick=${open}><${Icon} name="lock" /><span class="rec__long">${words.lockedBadge}</span></button>`;
