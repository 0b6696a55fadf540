/**
 * What the classroom socket tells, as steps of the state. Times of the server become local with `skew`.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Person} Person
 * @typedef {import("../classroom/protocol").Participant} Participant
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 */
import { withCaptions, withoutLines } from "./captions.js";
import { ALL_ALLOWED, settled, without, wroteAs } from "./leading.js";
import { CHANGES, chat, notSaved, notYet, withoutFile } from "./chat.js";
import { inLobby } from "./lobby.js";
import { announce, gather, lessen, notify } from "./notices.js";
import { notAsked, polls, withPolls } from "./polls.js";
import { presents } from "./screens.js";

const WAITS = ["not_open", "not_started", "locked", "class_full", "too_many_classes", "too_fast"]; // at the door, and tries again
const PASSED_ON = ["signal", "offer_files", "settle_files", "caption", "captioning"];

/** @type {{[T in Exclude<ServerMessage["type"], import("./leading").Leading | import("./lobby").Lobby | import("./captions").Told>]: (state: State, message: Extract<ServerMessage, {type: T}>, now: number) => State}} */
export const classroom = {
  hello(state, { now: server, session, you, here, names }, now) {
    return {
      ...state,
      greeted: true,
      skew: Date.parse(server) - now,
      session: {
        ...state.session,
        id: session.id,
        title: session.title,
        course: session.course,
        teacher: session.teacher,
        state: session.state,
        startsAt: session.starts_at,
        opensAt: session.opens_at,
        endsAt: session.ends_at,
      },
      you: { ...state.you, name: you.name, role: you.role, hue: you.hue, elsewhere: you.elsewhere, locked_out: you.locked_out, lobby: you.lobby, place: you.place, sent_back: you.sent_back },
      here,
      names,
      barred: you.role === "teacher" ? state.barred : [],
      waiting: you.role === "teacher" ? state.waiting : [],
      removal: you.barred || you.lobby === "turned_away" ? { reason: you.reason, barred: you.barred } : state.removal?.barred ? null : state.removal,
      phase: session.state === "ended" && state.phase !== "inside" && state.phase !== "left" ? "over" : inLobby(atDoor(state.phase, Boolean(you.barred)), you.lobby),
    };
  },

  joined(state, { now: server, you, started_at, participants, messages, materials, rules = ALL_ALLOWED, lead = null, barred = [], recording = null, consent = null, asks_consent = false, direct_calls, earlier = false, private_chat = true, polls = [], captions }, now) {
    const seated = { ...entered(state, you, started_at, server, now), directAllowed: direct_calls, privateChat: private_chat, rules, lead, barred, waiting: [], presenterGone: null, cut: {}, people: {}, messages, earlier, earlierAsked: false, materials, recording, consent, asksConsent: asks_consent, arrivals: 0 };
    const known = new Set(messages.map((message) => message.key));
    const everybody = participants.reduce(seat, { ...seated, unsent: state.unsent.filter((each) => !known.has(each.key)), saving: notYet(state.saving, messages) });
    const full = withCaptions(withPolls(settled(everybody, now), polls), captions);
    if (state.phase === "inside") return announce(full, { kind: "back" });
    return announce(full, { kind: "inside", title: state.session.title, here: participants.length });
  },

  resumed(state, { now: server, you, started_at, direct_calls, private_chat = true, consent = null, asks_consent = false, polls = [], captions }, now) {
    const back = { ...entered(state, you, started_at, server, now), directAllowed: direct_calls, privateChat: private_chat, consent, asksConsent: asks_consent, earlierAsked: false };
    return announce(withCaptions(withPolls(back, polls), captions), { kind: "back" });
  },

  media_token: (state) => state,
  screen_granted: (state) => state,
  ice_servers: (state) => state,
  direct_calls: (state, { allowed }) => ({ ...state, directAllowed: allowed }),
  school_changed: (state, { private_chat, asks_consent }) => ({ ...state, privateChat: private_chat, asksConsent: asks_consent }),
  signalled: (state) => state,
  files_offered: (state) => state,
  files_settled: (state) => state,
  pong: (state) => state,
  media_leaving: (state, { seconds }, now) => ({ ...state, server: "leaving", serverLeavesAt: now + seconds * 1000 }),
  media_lost: (state) => ({ ...state, server: "lost" }),
  media_back: (state, _, now) => ({ ...state, server: "up", mediaAskedAt: state.mediaAskedAt && now }), // it may have its time anew
  moved: (state) => ({ ...state, phase: "moved" }),

  refused(state, { code, text, mend, re, key, message = null, retry_at }) {
    if (re && PASSED_ON.includes(re) && code !== "no_longer_member") return state; // who has sent it deals with it
    if (re === "join") return refusedEntry(state, code, text, mend, retry_at);
    if (code === "no_longer_member") return { ...state, phase: "barred", refusal: { code, text, mend } };
    if (re === "record") return notify({ ...state, recordAsked: false }, { kind: "refused", text, mend });
    if (re === "consent") return notify({ ...state, consenting: null }, { kind: "refused", text, mend });
    if (re === "vote" || re === "ask_poll") return notify(notAsked(state, re), { kind: "refused", text, mend });
    if (key) {
      const unsent = state.unsent.map((each) => (each.key === key ? { ...each, refusal: text } : each));
      return announce({ ...state, unsent }, { kind: "refused", text, mend }, true);
    }
    const kept = re && CHANGES.includes(re) && message !== null ? notSaved(state, message) : state;
    return notify(re === "history" ? { ...kept, earlierAsked: false } : kept, { kind: "refused", text, mend });
  },

  class_started: (state, { at }) => ({
    ...state,
    session: { ...state.session, state: "live", startedAt: state.session.startedAt ?? at },
  }),

  participant_joined(state, { participant }) {
    const seated = seat(wroteAs(state, participant), participant);
    const leadGone = participant.id === state.lead ? null : seated.leadGone;
    const presenterGone = participant.id === seated.presenterGone?.id ? null : seated.presenterGone;
    const next = { ...seated, leadGone, presenterGone };
    return state.people[participant.id] ? next : arrivedOrLeft(next, [participant.name], []);
  },

  participant_left(state, event, now) {
    const { [event.participant]: gone, ...people } = state.people;
    if (!gone || event.participant === state.you.id) return state;
    const presenterGone = event.why === "lost" && presents(state, gone) ? { id: gone.id, name: gone.name, at: now } : state.presenterGone;
    const next = without({ ...withoutLines(state, event.participant), people, here: Object.keys(people).length, presenterGone }, event, now);
    return arrivedOrLeft(next, [], [gone.name]);
  },

  ...chat,

  ...polls,

  hand_raised(state, { participant, at }) {
    const person = state.people[participant];
    if (!person) return state;
    const raised = changed(state, { ...person, hand: at });
    if (participant === state.you.id) return announce(raised, { kind: "hand", up: true });
    return state.you.role === "teacher" ? notify(raised, { kind: "hands", names: [person.name] }) : raised;
  },

  hand_lowered(state, { participant, by }) {
    const person = state.people[participant];
    if (!person) return state;
    const lowered = changed(state, { ...person, hand: null });
    const cleared = withoutHand(lowered, person.name);
    if (participant !== state.you.id) return cleared;
    if (by === participant) return announce(cleared, { kind: "hand", up: false });
    return notify(cleared, { kind: "hand_lowered", by: state.people[by]?.name ?? "" });
  },

  material_added(state, { material }) {
    const next = { ...state, materials: [...state.materials.filter(({ id }) => id !== material.id), material] };
    if (material.by === state.you.name) return next;
    return (state.panel === "files" ? announce : notify)(next, { kind: "material", count: 1, by: material.by });
  },

  material_removed: (state, { id }) => ({ ...withoutFile(state, id), materials: state.materials.filter((each) => each.id !== id) }),

  recording_changed(state, { recording }) {
    const was = state.recording?.state;
    const now = recording?.state === "on" ? (was === "paused" ? "resumed" : "on") : (recording?.state ?? "off");
    const next = { ...state, recording, recordAsked: false, safe: recording?.state === "on" && was === "on" ? state.safe : null };
    const asked = now === "on" && state.you.role !== "teacher" && state.consent === null && state.consenting === null; // the question says it
    return asked ? announce(next, { kind: "recording", state: now }, true) : notify(next, { kind: "recording", state: now });
  },
  consent_noted: (state, { given }) => ({ ...state, consent: given, consenting: state.consenting === given ? null : state.consenting }),
  recording_safe: (state, { sound, screen, trouble }) => (state.recording ? { ...state, safe: { sound, screen, trouble } } : state),

  moment_marked: (state, { title, by }) => notify(state, { kind: "marked", title, by: by === state.you.name ? null : by }),
  people_lost: (state, { count }) => notify(state, { kind: "lost", count }),
  lost_noted: (state) => notify(state, { kind: "lost_noted" }),

  class_ended: (state, { at, by }) => ({
    ...state,
    phase: state.phase === "left" || state.phase === "moved" ? state.phase : "over",
    session: {
      ...state.session,
      state: "ended",
      endedAt: at,
      endedBy: by === null ? null : (state.people[by]?.name ?? null),
    },
  }),
};

/** @param {State} state @param {string} you @param {string} startedAt @param {string} server @param {number} now @returns {State} */
function entered(state, you, startedAt, server, now) {
  return {
    ...state,
    phase: "inside",
    refusal: null,
    retryAt: null,
    recordAsked: false,
    server: "up",
    mediaAskedAt: state.mediaAskedAt && now,
    skew: Date.parse(server) - now,
    you: { ...state.you, id: you, elsewhere: false, lobby: null },
    removal: null,
    session: { ...state.session, state: "live", startedAt },
  };
}

/** Barred people stay outside, until they are admitted again. @param {State["phase"]} phase @param {boolean} barred @returns {State["phase"]} */
function atDoor(phase, barred) {
  if (barred) return "removed";
  return phase === "removed" ? "before" : phase;
}

/** @param {State} state @param {Participant} participant @returns {State} */
function seat(state, participant) {
  const order = state.people[participant.id]?.order ?? state.arrivals;
  const people = { ...state.people, [participant.id]: { ...participant, order } };
  return { ...state, people, arrivals: state.arrivals + 1, here: Object.keys(people).length };
}

/** @param {State} state @param {Person} person @returns {State} */
const changed = (state, person) => ({ ...state, people: { ...state.people, [person.id]: person } });

/** A notice about a hand goes with the hand. @param {State} state @param {string} name @returns {State} */
const withoutHand = (state, name) =>
  lessen(state, "hands", (what) => {
    const names = what.names.filter((each) => each !== name);
    return names.length ? { ...what, names } : null;
  });

/** Teachers of small classes are told who comes and goes, if they want to be. @param {State} state @param {string[]} joined @param {string[]} left @returns {State} */
function arrivedOrLeft(state, joined, left) {
  if (state.you.role !== "teacher" || !state.alerts.people || Object.keys(state.people).length > 20) return state;
  return gather(state, { kind: "people", joined, left });
}

/**
 * @param {State} state @param {import("../classroom/protocol").RefusalCode} code @param {string} text
 * @param {string | null} mend @param {string | null} retryAt @returns {State}
 */
function refusedEntry(state, code, text, mend, retryAt) {
  const refusal = { code, text, mend };
  if (code === "ended") return { ...state, phase: "over", session: { ...state.session, state: "ended" } };
  if (code === "barred" || code === "removed") return { ...state, phase: "removed", removal: state.removal ?? { reason: "", barred: code === "barred" } };
  if (code === "turned_away") return { ...state, phase: "turned_away", refusal, removal: state.removal ?? { reason: "", barred: false } };
  if (code === "no_longer_member" || code === "not_allowed") return { ...state, phase: "barred", refusal };
  if (state.phase === "inside") return notify(state, { kind: "refused", text, mend });
  const waits = WAITS.includes(code);
  const again = retryAt === null ? null : Date.parse(retryAt) - state.skew;
  return { ...state, phase: waits ? "waiting" : "before", refusal, retryAt: again };
}
