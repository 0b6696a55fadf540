import { words } from "../leading/words.js";
import { byRight, heads, leads } from "../state/leading.js";
import { muted, screens, tracksOf } from "../state/views.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";
import { RemoveDialog } from "./remove.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../state/types").Person} Person */
/** @typedef {import("../ui/menu").Row} Row */

/** What can be done to somebody just now by whoever leads, in groups. @param {Props["state"]} state @param {Props["act"]} act @param {Person} person @param {() => void} remove @returns {import("../ui/menu").Group[]} */
export function groupsFor(state, act, person, remove) {
  const { id } = person;
  if (!leads(state)) return [];
  const own = id === state.you.id;
  const now = own ? [] : [...sending(state, act, person), ...handed(state, act, person)];
  return [{ rows: now }, { rows: standing(state, act, person) }, { rows: own ? [] : out(state, act, person, remove) }].filter(({ rows }) => rows.length);
}

/** @param {Props["state"]} state @param {Props["act"]} act @param {Person} person @returns {Row[]} */
function sending(state, act, { id }) {
  const { camera } = tracksOf(state, id);
  return [
    muted(state, id)
      ? { label: words.ask, icon: "mic", act: () => act.lead({ type: "ask_to_unmute", participant: id }) }
      : { label: words.mute, icon: "mic-off", act: () => act.lead({ type: "stop", what: "mic", participant: id }) },
    ...(camera && !camera.muted ? [{ label: words.stopCamera, icon: "video-off", act: () => act.lead({ type: "stop", what: "camera", participant: id }) }] : []),
    ...(screens(state).includes(id) ? [{ label: words.stopShare, icon: "monitor-x", act: () => act.lead({ type: "stop", what: "screen", participant: id }) }] : []),
  ];
}

/** @param {Props["state"]} state @param {Props["act"]} act @param {Person} person @returns {Row[]} */
function handed(state, act, { id, hand, role, may_speak, may_share }) {
  const waits = role !== "teacher" && (hand || (!state.rules.mic && !may_speak));
  return [
    ...(waits ? [{ label: words.letSpeak, icon: "user-check", act: () => act.lead({ type: "let_speak", participant: id }) }] : []),
    ...(role === "teacher" || screens(state).includes(id) ? [] : [screen(act, id, may_share)]),
    ...(hand ? [{ label: words.lowerHand, icon: "hand", act: () => act.lowerHand(id) }] : []),
  ];
}

/** Given until it is taken back, which stopping does as well. @param {Props["act"]} act @param {string} participant @param {boolean} given @returns {Row} */
const screen = (act, participant, given) =>
  given
    ? { label: words.takeScreen, icon: "monitor-x", act: () => act.lead({ type: "stop", what: "screen", participant }) }
    : { label: words.giveScreen, icon: "monitor-up", act: () => act.lead({ type: "give_screen", participant }) };

/** @param {Props["state"]} state @param {Props["act"]} act @param {Person} person @param {() => void} remove @returns {Row[]} */
function out(state, act, person, remove) {
  if (byRight(person) || (person.co_teacher && !heads(state))) return [];
  const back = { label: words.sendBack, icon: "hourglass", act: () => act.lead({ type: "send_back", participant: person.id }) };
  return [...(person.role === "teacher" ? [] : [back]), { label: words.remove, icon: "user-x", danger: true, act: remove }];
}

/** @param {Props["state"]} state @param {Props["act"]} act @param {Person} person @returns {Row[]} */
function standing(state, act, person) {
  if (!heads(state)) return [];
  const { id, co_teacher } = person;
  const own = id === state.you.id;
  const appoint = { label: co_teacher ? words.endCoTeacher : words.makeCoTeacher, icon: co_teacher ? "user-minus" : "user-plus", act: () => act.lead({ type: "appoint", participant: id, co_teacher: !co_teacher }) };
  const lead = { label: own ? words.takeLead : words.handLead, icon: "crown", act: () => act.lead({ type: "hand_lead", participant: id }) };
  return [...(byRight(person) || own || person.role === "guest" ? [] : [appoint]), ...(state.lead === id || person.role === "guest" ? [] : [lead])];
}

/**
 * A button with the menu of one person; nothing where nothing can be done. `first`: what can be done before that.
 * @param {{person: Person, look: string, anchor?: string, first?: import("../ui/menu").Group[], children: any} & Pick<Props, "state" | "act">} props
 */
export function PersonActions({ state, act, person, look, anchor = "", first = [], children }) {
  const [open, setOpen] = useState(false);
  const [removing, setRemoving] = useState(false);
  const led = groupsFor(state, act, person, () => setRemoving(true));
  const groups = [...first, ...led];
  if (!groups.length && !removing) return null;
  const label = led.length ? words.actions(person.name) : text.viewOf(person.name);
  return html`
    <div class=${`menu-anchor person-actions ${anchor}`}>
      <button type="button" class=${look} aria-label=${label} aria-haspopup="menu" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${children}</button>
      ${open && html`<${Menu} label=${label} groups=${groups} floats onClose=${() => setOpen(false)} />`}
      ${removing && html`<${RemoveDialog} person=${person} act=${act} onClose=${() => setRemoving(false)} />`}
    </div>
  `;
}

/** In a row of People. @param {{person: Person} & Pick<Props, "state" | "act">} props */
export const RowActions = ({ person, state, act }) => html`
  <${PersonActions} person=${person} state=${state} act=${act} look="button button--quiet icon-button person-row__actions" anchor="menu-anchor--row"><${Icon} name="ellipsis" /><//>
`;
