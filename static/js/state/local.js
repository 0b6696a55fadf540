/**
 * What happens in this page: devices, media, panels.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").LocalEvent} LocalEvent
 */
import { captioning, withCaptions } from "./captions.js";
import { heardOf, may } from "./leading.js";
import { NOTHING, writing } from "./chat.js";
import { announce, notify } from "./notices.js";
import { asking } from "./polls.js";
import { OWN } from "./views.js";

/** @type {{[T in LocalEvent["type"]]: (state: State, event: Extract<LocalEvent, {type: T}>, now: number) => State}} */
export const local = {
  socket_open: (state) => ({ ...state, socket: "open", socketLostAt: null }),
  socket_lost: (state, _, now) =>
    state.socket === "lost" ? state : { ...state, socket: "lost", socketLostAt: state.socketLostAt ?? now },
  signed_out: (state) => ({ ...state, phase: "barred", refusal: { code: "signed_out", text: "", mend: null } }),

  join_asked: (state) => ({ ...state, phase: "joining", refusal: null, consenting: null }),
  left: (state) => ({ ...outside(state), phase: "left" }),
  go_back: (state) => ({ ...state, phase: "before", refusal: null, retryAt: null, you: { ...state.you, lobby: null } }),

  ...writing,

  ...asking,

  ...captioning,

  media(state, { state: media, since }, now) {
    if (media === "idle") return withoutMedia(state);
    if (media === "on") return { ...state, media, mediaLostAt: null, mediaAskedAt: null, trouble: null };
    const asked = { ...state, media, mediaAskedAt: state.mediaAskedAt ?? now };
    if (media === "connecting") return asked; // what was lost is so until it is there again
    return { ...asked, mediaLostAt: state.mediaLostAt ?? since ?? now };
  },
  sound: (state, { blocked }) => ({ ...state, soundBlocked: blocked }),

  trouble: (state, { trouble }) => ({ ...state, trouble }),
  another_way: (state, { slow, udpPort }, now) => ({ ...state, slow, udpPort, trouble: null, mediaAskedAt: now }),
  path: (state, { path }) => ({ ...state, path }),
  direct: (state, { direct, failed }) => ({ ...state, direct, directFailed: failed }),

  track(state, { participant, kind, track }) {
    const tracks = { ...state.tracks, [participant]: { ...state.tracks[participant], [kind]: track } };
    const started = kind === "screen" && !state.screens.includes(participant);
    const next = { ...heardOf(state, participant, kind, !track.muted), tracks, screens: started ? [...state.screens, participant] : state.screens };
    if (!started || participant === state.you.id) return next;
    return announce(next, { kind: "presents", name: state.people[participant]?.name ?? "" });
  },
  track_gone(state, { participant, kind, sid }) {
    const { [kind]: gone, ...rest } = state.tracks[participant] ?? {};
    if (!gone || (sid !== undefined && gone.sid !== sid)) return state;
    const screens = kind === "screen" ? state.screens.filter((id) => id !== participant) : state.screens;
    return { ...heardOf(state, participant, kind, false), tracks: { ...state.tracks, [participant]: rest }, screens };
  },
  /** After a new connection: what is of the one before, of people who did not come back, goes. */
  tracks_known(state, { sids }) {
    const known = new Set(sids);
    const stale = Object.entries(state.tracks)
      .filter(([participant]) => participant !== OWN && participant !== state.you.id)
      .flatMap(([participant, tracks]) =>
        Object.entries(tracks)
          .filter(([, track]) => !known.has(track.sid))
          .map(([kind, { sid }]) => ({ type: /** @type {const} */ ("track_gone"), participant, kind: /** @type {import("./types").TrackKind} */ (kind), sid })),
      );
    return stale.reduce((next, event) => local.track_gone(next, event, 0), state);
  },
  speaking(state, { ids }) {
    const recent = [...ids, ...state.recent.filter((id) => !ids.includes(id))].slice(0, 16);
    return { ...state, speaking: ids, recent };
  },
  line(state, { participant, weak }) {
    if (weak === state.weak.includes(participant)) return state;
    const others = state.weak.filter((id) => id !== participant);
    const next = { ...state, weak: weak ? [...others, participant] : others };
    if (!weak || participant !== state.you.id || state.weakTold) return next;
    return notify({ ...next, weakTold: true }, { kind: "weak_line" });
  },

  device: (state, { device, state: now }) => ({ ...state, [device]: { ...state[device], state: now } }),
  want(state, { device, on }) {
    const next = { ...state, [device]: { ...state[device], want: on } };
    const asks = ["talking_muted", "asked", "may_speak", "stopped"].includes(next.notice?.what.kind ?? "");
    const cleared = device === "mic" && on && asks ? { ...next, notice: null } : next;
    return announce(cleared, { kind: device, on });
  },
  choices: (state, { choices }) => ({ ...state, choices }),
  chosen: (state, { device, id }) => ({ ...state, chosen: { ...state.chosen, [device]: id } }),
  effects: (state, { chosen }) => ({ ...state, effects: chosen }),
  dressed: (state, { state: dressed }) => ({ ...state, dressed }),
  own_picture: (state, { address }) => ({ ...state, ownPicture: address }),
  share(state, { state: share }) {
    const was = state.share;
    const asked = share !== "off" && state.notice?.what.kind === "may_share";
    const next = { ...state, share, notice: asked ? null : state.notice };
    return (was === "on") === (share === "on") ? next : announce(next, { kind: "sharing", on: share === "on" });
  },

  record_asked: (state) => ({ ...state, recordAsked: true }),
  kept: (state, { kept }) => ({ ...state, kept }),
  consent: (state, { given }) => ({ ...state, consenting: given }),
  transfer(state, { transfer }) {
    const before = state.transfers.find(({ key }) => key === transfer.key);
    const transfers = before ? state.transfers.map((each) => (each === before ? transfer : each)) : [...state.transfers, transfer];
    const next = { ...state, transfers };
    const told = before?.state !== transfer.state && isTold(transfer);
    if (!told) return next;
    return (state.panel === "files" ? announce : notify)(next, { kind: "files", transfer });
  },
  transfer_gone: (state, { key }) => ({ ...state, transfers: state.transfers.filter((each) => each.key !== key) }),

  upload(state, { key, more }) {
    const before = state.uploads.find((each) => each.key === key);
    const upload = /** @type {import("./types").Upload} */ ({ ...before, ...more, key });
    return { ...state, uploads: before ? state.uploads.map((each) => (each === before ? upload : each)) : [...state.uploads, upload] };
  },
  upload_gone: (state, { key }) => ({
    ...state,
    uploads: state.uploads.filter((each) => each.key !== key),
    draft: { ...state.draft, attached: state.draft.attached.filter((each) => each !== key) },
    unsent: state.unsent.map((each) => ({ ...each, uploads: each.uploads?.filter((upload) => upload !== key) ?? null })),
  }),

  panel(state, { panel }) {
    if (panel !== "chat") return { ...state, panel };
    const { chat: _, ...gathered } = state.gathered; // there to be read
    return { ...state, panel, unread: 0, gathered };
  },
  page: (state, { page }) => ({ ...state, page }),
  layout: (state, { layout }) => announce({ ...state, layout, pinned: null, page: 0 }, { kind: "layout", layout }),
  pin: (state, { participant }) => ({ ...state, pinned: participant }),
  corner: (state, { corner }) => ({ ...state, corner }),
  /** Told once, and found in the layout's menu from then on. */
  carries(state, { most }) {
    const next = { ...state, carries: most };
    if (most === null || state.carriesTold || state.showAll) return next;
    return notify({ ...next, carriesTold: true }, { kind: "carries", most });
  },
  sound_only: (state, { on }) => ({ ...state, soundOnly: on }),
  show_all: (state, { on }) => ({ ...state, showAll: on }),
  floats: (state, { on }) => ({ ...state, floats: on }),
  volume: (state, { participant, volume }) => ({ ...state, volumes: { ...state.volumes, [participant]: volume } }),
  alerts: (state, { chosen }) => ({ ...state, alerts: { ...state.alerts, ...chosen } }),
  say_gathered(state, { kind }) {
    const { [kind]: what, ...gathered } = state.gathered;
    return what && state.phase === "inside" ? announce({ ...state, gathered }, what) : { ...state, gathered };
  },
  notice: (state, { what }) => (what.kind === "talking_muted" && !may(state, "mic") ? state : notify(state, what)),
  notice_over: (state, { n }) => (state.notice?.n === n ? { ...state, notice: null } : state),
};

/** An offer to this person, an end that the other one made, and what has arrived. @param {import("./types").Transfer} transfer */
const isTold = ({ state, out, by }) => (state === "asked" ? !out : state === "done" || (["refused", "cancelled", "failed"].includes(state) && by !== "you"));

/** Without what only those inside know, and what they have not sent. @param {State} state @returns {State} */
export const outside = (state) => ({ ...withoutMedia(withCaptions(state)), recordAsked: false, people: {}, leadGone: null, presenterGone: null, messages: [], earlier: false, earlierAsked: false, unsent: [], unread: 0, saving: {}, draft: NOTHING, reactions: [], polls: [], pollDraft: null, voting: null, transfers: [], materials: [], uploads: [] });

/** @param {State} state @returns {State} */
function withoutMedia(state) {
  return {
    ...state,
    media: "idle",
    mediaLostAt: null,
    tracks: {},
    screens: [],
    speaking: [],
    recent: [],
    weak: [],
    weakTold: false,
    share: "off",
    carries: null,
    carriesTold: false,
    mediaAskedAt: null,
    trouble: null,
    slow: false,
    soundBlocked: false,
    path: null,
  };
}
