/**
 * The state of a room page: one value, changed by one pure function.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Event} Event
 */
import { captions, noCaptions, UNCHOSEN } from "./captions.js";
import { NOTHING } from "./chat.js";
import { classroom } from "./classroom.js";
import { ALL_ALLOWED, leading } from "./leading.js";
import { lobby } from "./lobby.js";
import { local } from "./local.js";

/** A school's logo: its address, and its size in px. @typedef {{src: string, width: number, height: number}} Logo */

/**
 * Where the page leads; null: nowhere, for a guest. `guests`: where those who lead invite some. `door`: where a guest gives another name.
 * `recordings`: what is kept of this class, as the API tells it.
 * @typedef {{class: string, course: string | null, dashboard: string | null, probe: string | null, trouble: string | null, check: string | null, materials: string | null, recording: string | null, guests?: string | null, door?: string | null, recordings?: string, fileWorker: string}} Urls
 */

/**
 * Addresses of what sound and picture need when it is first wanted: the strong filter's script, the model's files, pictures by name.
 * @typedef {{noise: string, segmentation: Record<string, string>, pictures: Record<string, string>}} EffectFiles
 */

/**
 * What a file for the class may be: its most bytes, and the endings of names that are refused.
 * @typedef {{most: number, refused: string[]}} FileBounds
 */

/**
 * What the server put into the page (`room-data`).
 * @typedef {object} PageData
 * @property {{id: string, title: string, course: string, teacher?: string, startsAt: string, endsAt: string, opensAt?: string, state: "scheduled" | "live" | "ended"}} session
 * @property {{name: string, role: "teacher" | "student" | "guest", hue: number, barred?: boolean}} you
 * @property {{name: string, initial: string, logo?: (Logo & {dark: Logo | null}) | null, contact?: string}} school `contact`: an email address, or ""
 * @property {{title: string, startsAt: string, url: string} | null} [next] the course's next class
 * @property {boolean} [recorded] it is, or will be from its start
 * @property {string} timeZone the viewer's, an IANA name
 * @property {string} socket path of the classroom socket
 * @property {Urls} urls
 * @property {string} csrf
 * @property {EffectFiles} effects
 * @property {FileBounds} [files] for those who may add some
 */

/** @param {PageData} data @param {{mic: boolean, camera: boolean, devices: State["chosen"], effects: State["effects"]}} wanted @param {import("../room/viewchoices").View} view @param {import("./types").CaptionsChosen} [reading] @returns {State} */
export function initial({ session, you: { barred, ...you } }, wanted, view, reading = UNCHOSEN) {
  return {
    phase: session.state === "ended" ? "over" : barred ? "removed" : "before",
    refusal: null,
    removal: barred ? { reason: "", barred } : null,
    retryAt: null,
    session: {
      ...session,
      teacher: session.teacher ?? "",
      opensAt: session.opensAt ?? session.startsAt,
      startedAt: null,
      endedAt: null,
      endedBy: null,
    },
    you: { id: null, elsewhere: false, ...you },
    skew: 0,
    greeted: false,
    here: 0,
    names: [],
    rules: ALL_ALLOWED,
    lead: null,
    leadGone: null,
    presenterGone: null,
    barred: [],
    waiting: [],
    cut: {},
    people: {},
    arrivals: 0,
    messages: [],
    earlier: false,
    earlierAsked: false,
    privateChat: true,
    unsent: [],
    saving: {},
    draft: NOTHING,
    reactions: [],
    reacted: 0,
    unread: 0,
    socket: "connecting",
    socketLostAt: null,
    media: "idle",
    mediaLostAt: null,
    server: "up",
    serverLeavesAt: 0,
    mediaAskedAt: null,
    trouble: null,
    slow: false,
    udpPort: null,
    soundBlocked: false,
    path: null,
    directAllowed: false,
    direct: null,
    directFailed: false,
    tracks: {},
    screens: [],
    speaking: [],
    recent: [],
    weak: [],
    volumes: {},
    weakTold: false,
    mic: { want: wanted.mic, state: "off" },
    camera: { want: wanted.camera, state: "off" },
    share: "off",
    choices: { mic: [], camera: [], speaker: [] },
    chosen: wanted.devices,
    effects: wanted.effects,
    dressed: "off",
    ownPicture: null,
    recording: null,
    recordAsked: false,
    safe: null,
    consent: null,
    consenting: null,
    asksConsent: false,
    kept: null,
    transfers: [],
    materials: [],
    uploads: [],
    polls: [],
    pollDraft: null,
    voting: null,
    captions: noCaptions(reading),
    panel: null,
    carries: null,
    carriesTold: false,
    soundOnly: false,
    ...view,
    notice: null,
    noticed: 0,
    gathered: {},
    spoken: null,
  };
}

const steps = /** @type {Record<string, (state: State, event: any, now: number) => State>} */ ({ ...classroom, ...leading, ...lobby, ...captions, ...local });

/** @param {State} state @param {Event} event @param {number} now ms since 1970, local clock @returns {State} */
export function reduce(state, event, now) {
  const step = steps[event.type];
  return step ? step(state, event, now) : state;
}
