/**
 * Every word the room shows or says: whole sentences with named values, ready for catalogues.
 * @typedef {import("./state/types").DeviceKind} DeviceKind
 * @typedef {import("./state/types").OutputKind} OutputKind
 */

import { words as chatWords } from "./chat/words.js";
import { words as guests } from "./guests/words.js";
import { added, told } from "./files/words.js";
import { pollTold } from "./polls/words.js";
import { lostTold, marks, markTold } from "./recording/marks.js";
import { leadingTold } from "./leading/words.js";
import { recordingTold } from "./recording/words.js";

const plural = new Intl.PluralRules("en");

/** @param {number} count @param {string} one @param {string} other */
const counted = (count, one, other) => (plural.select(count) === "one" ? one : other).replace("#", String(count));

let timeZone = "UTC";

/** Times are shown as on the other pages: in the viewer's zone, else the school's. @param {string} name IANA, "Europe/Berlin" */
export function tellTimesIn(name) {
  timeZone = name;
}

/** "10:24" @param {string | number} at */
export const clock = (at) =>
  new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });

/** "Wednesday 25 November" @param {string | number} at */
const day = (at) =>
  new Date(at).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone });

/** @param {number} milliseconds */
function span(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/** "1:05", "12:40", "1:02:03" @param {number} milliseconds */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** @param {string[]} names at most five are known @param {number} here */
function whoIsHere(names, here) {
  if (!here) return "nobody is here yet";
  if (here === 1) return `${names[0] ?? "1 person"} is here`;
  if (here === 2 && names.length >= 2) return `${names[0]} and ${names[1]} are here`;
  if (names.length < 2) return `${here} people are here`;
  return `${names[0]}, ${names[1]} and ${counted(here - 2, "1 other", "# others")} are here`;
}

/** @type {Record<OutputKind, string>} */
const deviceNames = { mic: "Microphone", camera: "Camera", speaker: "Speaker" };

const wayTitles = {
  direct: "directly between you two",
  direct_relayed: "between you two, through a relay",
  server: "through the class server",
  relayed: "through the class server, by a relay",
};
const wayLines = {
  direct: "Sound and video go straight from one to the other: the shortest way. The class server only keeps your voices in reserve, so that no word is lost if the direct way fails.",
  direct_relayed: "Your networks let nothing pass directly, so a relay hands sound and video on.",
  server: "Everybody sends sound and video to the class server once, and it passes them on.",
  relayed: "Your network blocks the straight way to the class server, so a relay hands sound and video on.",
};
const wayReasons = {
  alone: "With one other person here, the two of you are connected directly where that works.",
  many: "With more than two people here this costs everybody the least.",
  recorded: "What is recorded goes through the class server, which keeps it.",
  off: "Your school keeps direct connections switched off.",
  failed: "Your two networks let nothing pass directly; it is tried again from time to time.",
  trying: "A direct way between you two is being looked for.",
};
const wayTcp = "Your network blocks UDP: everything goes over TCP, which is slower when packets are lost.";

export const text = {
  join: "Join class",
  start: "Start class",
  joining: "Joining…",
  leave: "Leave",
  endForEveryone: "End for everyone",
  stay: "Stay",
  back: "Back",
  /** @param {string} course */
  backTo: (course) => `Back to ${course}`,
  backToCourse: "Back to course",
  toClassPage: "Class page",
  tryAgain: "Try again",
  listenOnly: "Listen only",
  withoutVideo: "Continue without video",
  closePanel: "Close the panel",
  signIn: "Sign in",
  joinAgain: "Join again",
  skipToClass: "Skip to the class",
  skipToChat: "Skip to the chat",

  badges: { now: "On now", waiting: "Waiting", over: "Over", soon: "Not started", elsewhere: "In another tab" },

  /** @param {{course: string, names: string[], here: number}} values */
  courseAndPeople: ({ course, names, here }) => `${course} · ${whoIsHere(names, here)}`,
  /** @param {{course: string, startsAt: string, endsAt: string}} values */
  courseAndTime: ({ course, startsAt, endsAt }) => `${course} · ${day(startsAt)}, ${clock(startsAt)}–${clock(endsAt)}`,
  /** @param {string} opensAt @param {number} now */
  opensAt: (opensAt, now) =>
    day(opensAt) === day(now)
      ? `This class opens at ${clock(opensAt)}. Keep this page open; you are let in as soon as it starts.`
      : `This class opens on ${day(opensAt)} at ${clock(opensAt)}.`,
  opensIn: "Opens in",
  notStartedTitle: "The teacher is not here yet",
  notStarted: "Keep this page open; you are let in as soon as the class starts.",
  notOpenTitle: "The class is not open yet",
  busyTitle: "One moment",
  stopWaiting: "Stop waiting",
  elsewhereTitle: "You are in this class in another tab",
  elsewhere: "Joining here moves you to this tab; the other one leaves the class.",
  useThisTab: "Use this tab",
  goBack: "Go back",

  devices: deviceNames,
  devicesFolded: "Microphone, camera, speaker",
  systemDefault: "System default",
  noDeviceListed: "None found",
  levelLabel: "Microphone level",
  preview: "Your camera",
  cameraIsOff: "Your camera is off",
  cameraStarting: "Starting the camera…",
  allow: "Choose Allow in the question at the top of the window. Nobody sees or hears you before you join.",
  /** @param {string} names */
  blockedNote: (names) =>
    `Your browser blocks the ${names.toLowerCase()}. Open the settings beside the address, set ${names} to Allow, come back here.`,
  /** @param {DeviceKind} device */
  blockedTitle: (device) => `Your browser blocks the ${deviceNames[device].toLowerCase()}`,
  /** @param {string} names */
  blockedSteps: (names) => [
    "Select the lock or settings icon beside the address.",
    `Set ${names} to Allow.`,
    "Come back here. No reload is needed.",
  ],
  and: (/** @type {string} */ a, /** @type {string} */ b) => `${a} and ${b}`,
  /** @type {Record<DeviceKind, string>} */
  busy: {
    mic: "Another app uses the microphone. Close it, or join and listen.",
    camera: "Another app uses the camera. Close it, or join without video.",
  },
  /** @type {Record<DeviceKind, string>} */
  missing: {
    mic: "No microphone found. Plug one in; it is picked up by itself.",
    camera: "No camera found. Plug one in; it is picked up by itself.",
  },
  noMediaHere: "This browser gives pages no microphone or camera here. You can listen, watch and write.",

  mute: "Mute",
  unmute: "Unmute",
  stopVideo: "Stop video",
  startVideo: "Start video",
  share: "Share",
  shareScreen: "Share your screen",
  stopSharing: "Stop sharing",
  choosing: "Choose…",
  asking: "Allow…",
  blocked: "Blocked",
  inUse: "In use",
  noMic: "No mic",
  noCamera: "No camera",
  raiseHand: "Raise hand",
  lowerHand: "Lower hand",
  /** @param {number} place */
  yourPlace: (place) => (place > 1 ? `You are number ${place} in line.` : "You are next in line."),
  /** @param {string} name */
  lowerHandOf: (name) => `Lower the hand of ${name}`,
  people: "People",
  chat: "Chat",
  more: "More",
  /** @param {number} count */
  peopleCount: (count) => `People, ${count}`,
  /** @param {number} count */
  unread: (count) => counted(count, "Chat, 1 new message", "Chat, # new messages"),
  microphoneMenu: "Microphone and speaker",
  cameraMenu: "Choose a camera",
  fullScreen: "Full screen",
  exitFullScreen: "Leave full screen",
  controls: "Class controls",
  stage: "Stage",
  minutesLeft: (/** @type {number} */ ms) => (ms > 0 ? `${span(ms)} left` : `${span(-ms)} over`),

  /** @param {string} name */
  nameYou: (name) => `${name} (you)`,
  /** @param {string} name */
  screenOf: (name) => `Screen of ${name}`,
  yourScreen: "Your screen",
  /** @param {string} name */
  shares: (name) => `${name} shares a screen`,
  youShare: "You share your screen",
  /** @param {{name: string, muted: boolean, speaking: boolean, camera: boolean, place: number, weak: boolean}} tile */
  tile: ({ name, muted, speaking, camera, place, weak }) =>
    [
      name,
      speaking ? "speaking" : muted ? "muted" : "",
      camera ? "" : "camera off",
      place ? `hand raised, number ${place}` : "",
      weak ? "weak line" : "",
    ]
      .filter(Boolean)
      .join(", "),
  weakLine: "Weak line",
  /** @param {number} count */
  morePeople: (count) => counted(count, "1 more person", "# more people"),
  alone: "You are the first one here. Others appear as they join.",
  earlierPage: "Earlier people",
  laterPage: "Later people",
  /** @param {number} page @param {number} pages */
  pageOf: (page, pages) => `Page ${page} of ${pages}`,
  soundOn: "Turn sound on",

  send: "Send",
  chatEmpty: "No messages yet. Everyone in the class can read what you write here.",
  classStarted: (/** @type {string} */ at) => `Class started at ${clock(at)}`,
  sending: "Sending…",
  waitsForLine: "Waits for the connection",
  notSent: "Not sent.",
  tooLong: (/** @type {number} */ over) => counted(over, "1 character too many", "# characters too many"),
  newMessages: (/** @type {number} */ count) => counted(count, "1 new message", "# new messages"),

  search: "Search people",
  teachers: "Teachers",
  hands: "Hands",
  inClass: "In class",
  nobodyFound: "Nobody of that name is here.",
  handSince: (/** @type {number} */ ms) => (ms < 60_000 ? "just now" : span(ms)),
  micOn: "Microphone on",
  micOff: "Microphone off",
  cameraOn: "Camera on",
  cameraOff: "Camera off",

  /** @param {number} count */
  endQuestion: (count) => counted(count, "End the class for 1 person?", "End the class for # people?"),
  endQuestionAlone: "End the class?",
  endNote: "Everyone leaves the room, and nobody can come back in.",

  reconnecting: "Reconnecting… You still hear the class. What you write is kept.",
  reconnectingAlone: "Reconnecting… The page keeps trying by itself.",
  serverLeaving: "The media server restarts in a moment. Sound and video pause briefly and come back by themselves.",
  serverLeavesBy: (/** @type {string} */ at) =>
    `The media server restarts by ${clock(at)}. Sound and video pause briefly then and come back by themselves.`,
  serverLost: "The media server is restarting. Sound and video come back by themselves; chat and hands go on.",
  mediaLost: "Sound and video are interrupted. Reconnecting…",
  findingOut: "Sound and video do not come. The page is finding out why…",
  /** @param {{words: string, mend: string, code: string}} found */
  trouble: ({ words, mend, code }) => [words, mend, code && `Code for the school’s support: ${code}.`].filter(Boolean).join(" "),
  everythingLost: "The connection is lost. The page keeps trying by itself; what you write is kept.",

  /** @param {string} way */
  connection: (way) => `Connection: ${way}`,
  /** @param {NonNullable<ReturnType<typeof import("./state/views").way>>} way */
  ways: ({ kind, why, tcp }) => ({
    title: wayTitles[kind],
    lines: [wayLines[kind], why && wayReasons[why], tcp && wayTcp].filter((line) => typeof line === "string"),
  }),

  overTitle: "Class is over",
  /** @param {{by: string | null, endedAt: string | null, startedAt: string | null}} values */
  over: ({ by, endedAt, startedAt }) => {
    if (!endedAt) return "This class has ended.";
    const took = startedAt ? ` It took ${span(Date.parse(endedAt) - Date.parse(startedAt))}.` : "";
    return by ? `${by} ended it at ${clock(endedAt)}.${took}` : `It ended at ${clock(endedAt)}.${took}`;
  },
  leftTitle: "You left the class",
  left: "The class goes on without you. You can come back while it is on.",
  movedTitle: "Moved to another tab",
  moved: "You joined this class in another tab or on another device. This one is silent now.",
  useHere: "Use here",
  signedOutTitle: "You are signed out",
  signedOut: "Your sign-in ran out or ended in another tab. Sign in again to come back to the class.",
  barredTitle: "You cannot be in this class",
  code: (/** @type {string} */ code) => `Code ${code}`,

  notices: {
    /** @param {string[]} names */
    hands: (names) => (names.length === 1 ? `${names[0]} raised a hand` : `${names.length} hands raised`),
    /** @param {string} by */
    handLowered: (by) => (by ? `${by} lowered your hand.` : "Your hand was lowered."),
    /** @param {OutputKind} device @param {string | null} now */
    unplugged: (device, now) =>
      now
        ? `The ${deviceNames[device].toLowerCase()} was unplugged. Now using ${now}.`
        : `The ${deviceNames[device].toLowerCase()} was unplugged.`,
    talkingMuted: "You are muted.",
    weakLine: "Your line is weak. Video of others is reduced.",
    shareFailed: "Nothing is shared. Choose a tab, a window or a screen to share it.",
    lower: "Lower hand",
    showPeople: "Show",
  },

  says: {
    inside: (/** @type {string} */ title, /** @type {number} */ here) =>
      `You are in ${title}. ${counted(here, "1 person is here.", "# people are here.")}`,
    back: "You are back.",
    mediaBack: "Sound and video are back.",
    handUp: "Hand raised.",
    handDown: "Hand lowered.",
    sharing: "You share your screen.",
    notSharing: "You stopped sharing.",
    presents: (/** @type {string} */ name) => `${name} shares a screen.`,
    chat: (/** @type {string} */ name, /** @type {number} */ count) =>
      count === 1 ? `New message from ${name}.` : `${count} new messages, the last from ${name}.`,
    joined: (/** @type {string} */ name) => `${name} joined.`,
    left: (/** @type {string} */ name) => `${name} left.`,
  },
};

/** @param {import("./state/types").Notice} what @returns {string} */
export function noticeText(what) {
  switch (what.kind) {
    case "hands": return text.notices.hands(what.names);
    case "knock": return guests.knock(what.people.map(({ name }) => name));
    case "hand_lowered": return text.notices.handLowered(what.by);
    case "unplugged": return text.notices.unplugged(what.device, what.now);
    case "talking_muted": return text.notices.talkingMuted;
    case "weak_line": return text.notices.weakLine;
    case "files": return told(what.transfer);
    case "recording": return recordingTold(what.state);
    case "marked": return markTold(what.title, what.by);
    case "lost": return lostTold(what.count);
    case "lost_noted": return marks.lostNoted;
    case "material": return added(what.by);
    case "whisper": return chatWords.privateFrom(what.name);
    case "share_failed": return text.notices.shareFailed;
    case "refused": return [what.text, what.mend].filter(Boolean).join(" ");
    default: return leadingTold(what) ?? pollTold(what) ?? "";
  }
}

/** @param {import("./state/types").Spoken} what @returns {string} */
export function spokenText(what) {
  switch (what.kind) {
    case "mic": return what.on ? text.micOn : text.micOff;
    case "camera": return what.on ? text.cameraOn : text.cameraOff;
    case "sharing": return what.on ? text.says.sharing : text.says.notSharing;
    case "hand": return what.up ? text.says.handUp : text.says.handDown;
    case "presents": return text.says.presents(what.name);
    case "chat": return text.says.chat(what.name, what.count);
    case "inside": return text.says.inside(what.title, what.here);
    case "people": return [...what.joined.map(text.says.joined), ...what.left.map(text.says.left)].join(" ");
    case "back": return text.says.back;
    default: return noticeText(what);
  }
}

/** Two letters, whole graphemes, for one word as well. @param {string} name */
export function initials(name) {
  const letters = (/** @type {string} */ word) =>
    [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(word)].map((each) => each.segment);
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = letters(words[0] ?? "?");
  const last = words.length > 1 ? letters(words[words.length - 1] ?? "") : first.slice(1);
  return ((first[0] ?? "?") + (last[0] ?? "")).toLocaleUpperCase();
}
