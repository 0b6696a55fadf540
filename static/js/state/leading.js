/**
 * Who leads, what students may do, and what is asked of one: as steps of the state, and as questions to it.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").TrackKind} TrackKind
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {"stopped" | "asked_to_unmute" | "may_speak" | "may_share" | "rules_changed" | "rules" | "admitted" | "role_changed" | "lead_changed" | "hands_lowered" | "barred" | "removed"} Leading
 */
import { announce, lessen, notify } from "./notices.js";

/** @type {import("../classroom/protocol").ClassRules} */
export const ALL_ALLOWED = { mic: true, camera: true, screen: true, chat: true, private_chat: true, locked: false, waiting_room: true, captions: true };

/** @typedef {"mic" | "camera" | "screen" | "chat" | "private_chat"} Rule */

/** Whether this person leads, perhaps along with others. @param {State} state */
export const leads = ({ you }) => you.role === "teacher";

/** Whether this person may appoint, hand over, admit and end: a teacher of the class, or a co-teacher who leads. @param {State} state */
export function heads(state) {
  const own = state.people[state.you.id ?? ""];
  return leads(state) && Boolean(own && (!own.co_teacher || state.lead === own.id));
}

/** Whether this person may add files to the class: guests may not. @param {State} state */
export const addsFiles = ({ you }) => you.role !== "guest";

/** Whether the rules let this person. @param {State} state @param {Rule} rule */
export function may(state, rule) {
  const own = state.people[state.you.id ?? ""];
  return leads(state) || state.rules[rule] || Boolean((rule === "mic" && own?.may_speak) || (rule === "screen" && own?.may_share));
}

/** Whether somebody is held to less than everything: then no call goes past the media server. @param {State} state */
export const isRestricted = ({ people, rules }) =>
  Object.values(people).some(({ role, may_speak, may_share }) => role !== "teacher" && !((rules.mic || may_speak) && rules.camera && (rules.screen || may_share)));

/** Who leads is marked where more than one could. @param {State} state */
export const leadShown = ({ people }) => Object.values(people).filter(({ role }) => role === "teacher").length > 1;

/** Whether it is a teacher by right, whom nobody here removes or makes less. @param {import("./types").Person} person */
export const byRight = (person) => person.role === "teacher" && !person.co_teacher;

/** What was given to somebody, whatever the rules say. */
const GIVEN = /** @type {const} */ ([["mic", { may_speak: false }], ["screen", { may_share: false }]]);

/** Whether this is about oneself. @param {State} state @param {string | null} participant none: all students */
const concerns = (state, participant) => (participant === null ? !leads(state) : participant === state.you.id);

/** @type {{[T in Leading]: (state: State, message: Extract<ServerMessage, {type: T}>, now: number) => State}} */
export const leading = {
  stopped(state, { what, participant, by }) {
    const ids = Object.keys(state.people).filter((id) => (participant === null ? state.people[id]?.role !== "teacher" : id === participant));
    const taken = GIVEN.reduce((now, [kind, given]) => (kind === what ? withPeople(now, ids, given) : now), state);
    const freed = what === "screen" && participant === null ? { ...taken, presenterGone: null } : taken;
    const next = ids.reduce((now, id) => cut(now, id, what), freed);
    if (!concerns(state, participant)) return by === state.you.id && participant === null ? notify(next, { kind: "all_muted" }) : next;
    if (by === state.you.id) return next;
    return notify(next, { kind: "stopped", what, locked: !may(next, what) });
  },

  asked_to_unmute: (state, { participant }) =>
    participant === state.you.id && !(state.mic.want && state.mic.state === "on") ? notify(state, { kind: "asked" }) : state,

  may_speak(state, { participant }) {
    const next = withPeople(state, [participant], { may_speak: true, hand: null });
    return participant === state.you.id ? notify(next, { kind: "may_speak" }) : next;
  },

  may_share(state, { participant }) {
    const next = withPeople(state, [participant], { may_share: true });
    return participant === state.you.id && state.share !== "on" ? notify(next, { kind: "may_share" }) : next;
  },

  hands_lowered(state, { by }) {
    const up = Object.keys(state.people).filter((id) => state.people[id]?.hand);
    const next = lessen(withPeople(state, up, { hand: null }), "hands", () => null);
    if (!state.you.id || !up.includes(state.you.id)) return next;
    return notify(next, { kind: "hand_lowered", by: state.people[by]?.name ?? "" });
  },

  rules_changed(state, { rules, by }) {
    const was = state.rules;
    const taken = GIVEN.reduce((now, [kind, given]) => (was[kind] === rules[kind] ? now : withPeople(now, Object.keys(now.people), given)), state);
    const next = { ...taken, rules, presenterGone: rules.screen ? state.presenterGone : null };
    const kinds = /** @type {const} */ (["mic", "camera", "screen"]).filter((kind) => was[kind] && !rules[kind]);
    const students = Object.keys(next.people).filter((id) => next.people[id]?.role !== "teacher");
    const held = students.reduce((now, id) => kinds.reduce((then, kind) => cut(then, id, kind), now), next);
    if (by === state.you.id) return held;
    if (leads(state)) return announce(held, { kind: "rules", was, rules });
    const told = /** @type {const} */ (["mic", "camera", "screen", "chat"]).some((rule) => was[rule] !== rules[rule]);
    return told ? notify(held, { kind: "rules", was, rules }) : held;
  },

  role_changed(state, { participant, role, by }) {
    const person = state.people[participant];
    const next = withPeople(person ? wroteAs(state, { ...person, role }) : state, [participant], { role, co_teacher: role === "teacher", may_speak: false, may_share: false, hand: null });
    const name = person?.name ?? "";
    const own = participant === state.you.id;
    const known = role === "teacher" ? state : { barred: [], waiting: [] };
    const mine = own ? { ...next, you: { ...state.you, role }, barred: known.barred, waiting: known.waiting } : next;
    return own ? notify(mine, { kind: "role", role }) : by === state.you.id ? notify(mine, { kind: "appointed", id: participant, name, role }) : mine;
  },

  lead_changed(state, { participant, by }) {
    const next = { ...state, lead: participant, leadGone: null };
    const own = participant === state.you.id;
    if (own && by === state.you.id) return next;
    const back = by === state.you.id && heads(next);
    return notify(next, { kind: "lead", name: own ? null : (state.people[participant]?.name ?? ""), back });
  },

  rules: (state, { rules }) => ({ ...state, rules }),
  admitted: (state, { participant }) => ({ ...state, barred: state.barred.filter(({ id }) => id !== participant) }),
  barred: (state, { people }) => ({ ...state, barred: people }),
  removed: (state, { reason, barred }) => ({ ...state, phase: "removed", removal: { reason, barred } }),
};

/** After somebody left. @param {State} state @param {import("../classroom/protocol").ParticipantLeft} event @param {number} now @returns {State} */
export const without = (state, { participant, why }, now) =>
  participant === state.lead ? { ...state, leadGone: { at: now, lost: why === "lost" } } : state;

/** Who came in with everybody else: one's own role, and whether whoever leads is away. @param {State} state @param {number} now @returns {State} */
export function settled(state, now) {
  const own = state.people[state.you.id ?? ""];
  const away = state.lead !== null && !state.people[state.lead];
  return { ...state, you: { ...state.you, role: own?.role ?? state.you.role }, leadGone: away ? (state.leadGone ?? { at: now, lost: false }) : null };
}

/**
 * What somebody wrote earlier, and what was written to them, shows the name and the role they have now.
 * @param {State} state @param {{ id: string, name: string, role: "teacher" | "student" | "guest" }} person @returns {State}
 */
export function wroteAs(state, { id, name, role }) {
  const theirs = state.messages.filter(({ participant }) => participant === id);
  const isStale = theirs.some((each) => each.name !== name || each.role !== role) || state.messages.some(({ to }) => to?.id === id && to.name !== name);
  if (!isStale) return state;
  const numbers = new Set(theirs.map((each) => each.id));
  const messages = state.messages.map((each) => ({
    ...each,
    ...(each.participant === id ? { name, role } : {}),
    to: each.to?.id === id ? { ...each.to, name } : each.to,
    reply: each.reply && numbers.has(each.reply.id) ? { ...each.reply, name } : each.reply,
  }));
  return { ...state, messages };
}

/**
 * What somebody sends directly is not shown from here on, until the media server has said that it is on again: whoever
 * was stopped cannot go on past it.
 * @param {State} state @param {string} id @param {"mic" | "camera" | "screen"} kind @returns {State}
 */
function cut(state, id, kind) {
  if (id === state.you.id) return state;
  const on = state.tracks[id]?.[kind]?.muted === false;
  return { ...state, cut: { ...state.cut, [id]: { ...state.cut[id], [kind]: on ? "told" : "off" } } };
}

/** The media server's word about a track, for what was cut. @param {State} state @param {string} id @param {TrackKind} kind @param {boolean} on @returns {State} */
export function heardOf(state, id, kind, on) {
  const held = state.cut[id]?.[kind];
  if (!held) return state;
  const { [kind]: _, ...rest } = state.cut[id] ?? {};
  if (!on) return { ...state, cut: { ...state.cut, [id]: { ...rest, [kind]: "off" } } };
  return held === "off" ? { ...state, cut: { ...state.cut, [id]: rest } } : state;
}

/** @param {State} state @param {string[]} ids @param {Partial<import("./types").Person>} more @returns {State} */
function withPeople(state, ids, more) {
  const changed = ids.flatMap((id) => (state.people[id] ? [[id, { ...state.people[id], ...more }]] : []));
  return changed.length ? { ...state, people: { ...state.people, ...Object.fromEntries(changed) } } : state;
}
