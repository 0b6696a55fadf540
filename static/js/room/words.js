/** What the room shows and says. */
import { counted, filled, gettext, listed, ngettext, pgettext } from "../ui/catalogue.js";
import { clock, day, span } from "../ui/times.js";

/** @typedef {import("../state/types").OutputKind} OutputKind */

const wayTitles = {
  direct: gettext("directly between you two"),
  direct_relayed: gettext("between you two, through a relay"),
  server: gettext("through the class server"),
  relayed: gettext("through the class server, by a relay"),
};
const wayLines = {
  direct: gettext("Sound and video go straight from one to the other: the shortest way. The class server only keeps your voices in reserve, so that no word is lost if the direct way fails."),
  direct_relayed: gettext("Your networks let nothing pass directly, so a relay hands sound and video on."),
  server: gettext("Everybody sends sound and video to the class server once, and it passes them on."),
  relayed: gettext("Your network blocks the straight way to the class server, so a relay hands sound and video on."),
};
const wayReasons = {
  alone: gettext("With one other person here, the two of you are connected directly where that works."),
  many: gettext("With more than two people here this costs everybody the least."),
  recorded: gettext("What is recorded goes through the class server, which keeps it."),
  off: gettext("Your school keeps direct connections switched off."),
  failed: gettext("Your two networks let nothing pass directly; it is tried again from time to time."),
  trying: gettext("A direct way between you two is being looked for."),
};
const wayTcp = gettext("Your network blocks UDP: everything goes over TCP, which is slower when packets are lost.");
/** @type {Record<OutputKind, string>} */
const unplugged = {
  mic: gettext("The microphone was unplugged."),
  camera: gettext("The camera was unplugged."),
  speaker: gettext("The speaker was unplugged."),
};
/** @type {Record<OutputKind, string>} */
const replaced = {
  mic: gettext("The microphone was unplugged. Now using {now}."),
  camera: gettext("The camera was unplugged. Now using {now}."),
  speaker: gettext("The speaker was unplugged. Now using {now}."),
};

export const words = {
  leave: gettext("Leave"),
  endForEveryone: gettext("End for everyone"),
  stay: gettext("Stay"),
  back: gettext("Back"),
  /** @param {string} course */
  backTo: (course) => filled(gettext("Back to {course}"), { course }),
  backToCourse: gettext("Back to course"),
  toClassPage: gettext("Class page"),
  tryAgain: gettext("Try again"),
  change: gettext("Change"),
  listenOnly: gettext("Listen only"),
  withoutVideo: gettext("Continue without video"),
  closePanel: gettext("Close the panel"),
  signIn: gettext("Sign in"),
  joinAgain: gettext("Join again"),
  skipToClass: gettext("Skip to the class"),
  skipToChat: gettext("Skip to the chat"),

  mute: gettext("Mute"),
  unmute: gettext("Unmute"),
  stopVideo: gettext("Stop video"),
  startVideo: gettext("Start video"),
  share: gettext("Share"),
  shareScreen: gettext("Share your screen"),
  stopSharing: gettext("Stop sharing"),
  choosing: gettext("Choose…"),
  asking: gettext("Allow…"),
  blocked: gettext("Blocked"),
  inUse: gettext("In use"),
  noMic: gettext("No mic"),
  noCamera: gettext("No camera"),
  raiseHand: gettext("Raise hand"),
  lowerHand: gettext("Lower hand"),
  /** @param {number} place */
  yourPlace: (place) => (place > 1 ? filled(gettext("You are number {place} in line."), { place }) : gettext("You are next in line.")),
  /** @param {string} name */
  lowerHandOf: (name) => filled(gettext("Lower the hand of {name}"), { name }),
  people: gettext("People"),
  chat: gettext("Chat"),
  more: gettext("More"),
  /** @param {number} count */
  peopleCount: (count) => filled(gettext("People, {count}"), { count }),
  /** @param {number} count */
  unread: (count) => counted(ngettext("Chat, {count} new message", "Chat, {count} new messages", count), count),
  microphoneMenu: gettext("Microphone and speaker"),
  cameraMenu: gettext("Choose a camera"),
  fullScreen: gettext("Full screen"),
  exitFullScreen: gettext("Leave full screen"),
  controls: gettext("Class controls"),
  stage: gettext("Stage"),
  minutesLeft: (/** @type {number} */ ms) => filled(ms > 0 ? gettext("{time} left") : gettext("{time} over"), { time: span(Math.abs(ms)) }),

  /** @param {string} name */
  nameYou: (name) => filled(gettext("{name} (you)"), { name }),
  /** @param {string} name */
  screenOf: (name) => filled(gettext("Screen of {name}"), { name }),
  yourScreen: gettext("Your screen"),
  /** @param {string} name */
  shares: (name) => filled(gettext("{name} shares a screen"), { name }),
  youShare: gettext("You share your screen"),
  /** @param {number} count */
  screensShared: (count) => counted(ngettext("{count} screen is shared", "{count} screens are shared", count), count),
  /** @param {{name: string, muted: boolean, speaking: boolean, camera: boolean, paused: boolean, place: number, weak: boolean, hushed: boolean}} tile */
  tile: ({ name, muted, speaking, camera, paused, place, weak, hushed }) =>
    [
      name,
      speaking ? gettext("speaking") : muted ? gettext("muted") : "",
      paused ? gettext("camera paused on this device") : camera ? "" : gettext("camera off"),
      place ? filled(gettext("hand raised, number {place}"), { place }) : "",
      weak ? gettext("weak line") : "",
      hushed ? gettext("off for you") : "",
    ]
      .filter(Boolean)
      .join(", "),
  weakLine: gettext("Weak line"),
  volume: gettext("Volume"),
  volumes: { full: pgettext("volume", "As sent"), half: pgettext("volume", "Half"), quarter: pgettext("volume", "A quarter"), off: pgettext("volume", "Off, for you only") },
  /** @param {number} count */
  morePeople: (count) => counted(ngettext("{count} more person", "{count} more people", count), count),
  alone: gettext("You are the first one here. Others appear as they join."),
  viewOf: (/** @type {string} */ name) => filled(gettext("View of {name}"), { name }),
  layout: gettext("Layout"),
  layouts: { auto: gettext("Automatic"), speaker: gettext("Speaker large"), grid: gettext("Grid") },
  /** @param {number} count */
  carries: (count) => counted(ngettext("This device shows {count} camera at once", "This device shows {count} cameras at once", count), count),
  cameras: gettext("Cameras"),
  showAll: gettext("Show all"),
  showAllCameras: gettext("Show all cameras"),
  soundOnly: gettext("Audio and screen only"),
  pin: gettext("Pin to the stage"),
  unpin: gettext("Unpin"),
  corners: { top_left: gettext("At the top left"), top_right: gettext("At the top right"), bottom_left: gettext("At the bottom left"), bottom_right: gettext("At the bottom right") },
  earlierPage: gettext("Earlier people"),
  laterPage: gettext("Later people"),
  /** @param {number} page @param {number} pages */
  pageOf: (page, pages) => filled(gettext("Page {page} of {pages}"), { page, pages }),
  soundOn: gettext("Turn sound on"),
  send: gettext("Send"),
  chatEmpty: gettext("No messages yet. Everyone in the class can read what you write here."),
  classStarted: (/** @type {string} */ at) => filled(gettext("Class started at {time}"), { time: clock(at) }),
  sending: gettext("Sending…"),
  waitsForLine: gettext("Waits for the connection"),
  notSent: gettext("Not sent."),
  tooLong: (/** @type {number} */ over) => counted(ngettext("{count} character too many", "{count} characters too many", over), over),
  newMessages: (/** @type {number} */ count) => counted(ngettext("{count} new message", "{count} new messages", count), count),

  search: gettext("Search people"),
  teachers: gettext("Teachers"),
  hands: gettext("Hands"),
  handsRaised: (/** @type {number} */ count) => counted(ngettext("{count} hand raised", "{count} hands raised", count), count),
  inClass: gettext("In class"),
  nobodyFound: gettext("Nobody of that name is here."),
  handSince: (/** @type {number} */ ms) => (ms < 60_000 ? gettext("just now") : span(ms)),
  micOn: gettext("Microphone on"),
  micOff: gettext("Microphone off"),
  cameraOn: gettext("Camera on"),
  cameraOff: gettext("Camera off"),

  /** @param {number} count */
  endQuestion: (count) => counted(ngettext("End the class for {count} person?", "End the class for {count} people?", count), count),
  endQuestionAlone: gettext("End the class?"),
  endNote: gettext("Everyone leaves the room, and nobody can come back in."),

  reconnecting: gettext("Reconnecting… You still hear the class. What you write is kept."),
  reconnectingAlone: gettext("Reconnecting… The page keeps trying by itself."),
  serverLeaving: gettext("The media server restarts in a moment. Sound and video pause briefly and come back by themselves."),
  serverLeavesBy: (/** @type {string} */ at) =>
    filled(gettext("The media server restarts by {time}. Sound and video pause briefly then and come back by themselves."), { time: clock(at) }),
  serverLost: gettext("The media server is restarting. Sound and video come back by themselves; chat and hands go on."),
  mediaLost: gettext("Sound and video are interrupted. Reconnecting…"),
  slowWay: gettext("This network hinders live video. A slower way is being tried; your IT can open the faster one."),
  slowWayPast: (/** @type {number} */ port) => filled(gettext("This network blocks live video. Trying a slower way; ask IT to open UDP port {port}."), { port: String(port) }),
  tryAnotherWay: gettext("Try another way"),
  detailsForIt: gettext("Details for IT"),
  findingOut: gettext("Sound and video do not come. The page is finding out why…"),
  /** @param {{words: string, mend: string, code: string}} found */
  trouble: ({ words, mend, code }) => [words, mend, code && filled(gettext("Code for the school’s support: {code}."), { code })].filter(Boolean).join(" "),
  everythingLost: gettext("The connection is lost. The page keeps trying by itself; what you write is kept."),

  /** @param {string} way */
  connection: (way) => filled(gettext("Connection: {way}"), { way }),
  /** @param {NonNullable<ReturnType<typeof import("../state/views").way>>} way */
  ways: ({ kind, why, tcp }) => ({
    title: wayTitles[kind],
    lines: [wayLines[kind], why && wayReasons[why], tcp && wayTcp].filter((line) => typeof line === "string"),
  }),

  overTitle: gettext("Class is over"),
  /** @param {{by: string | null, endedAt: string | null, startedAt: string | null}} values */
  over: ({ by, endedAt, startedAt }) => {
    if (!endedAt) return gettext("This class has ended.");
    const ended = by ? gettext("{by} ended it at {time}.") : gettext("It ended at {time}.");
    const took = startedAt && filled(gettext("It took {length}."), { length: span(Date.parse(endedAt) - Date.parse(startedAt)) });
    return [filled(ended, { by: by ?? "", time: clock(endedAt) }), took].filter(Boolean).join(" ");
  },
  /** @param {{title: string, startsAt: string}} next */
  nextClass: ({ title, startsAt }) => filled(gettext("Next class: {title}, {day}, {time}"), { title, day: day(startsAt), time: clock(startsAt) }),
  leftTitle: gettext("You left the class"),
  left: gettext("The class goes on without you. You can come back while it is on."),
  movedTitle: gettext("Moved to another tab"),
  moved: gettext("You joined this class in another tab or on another device. This one is silent now."),
  useHere: gettext("Use here"),
  signedOutTitle: gettext("You are signed out"),
  signedOut: gettext("Your sign-in ran out or ended in another tab. Sign in again to come back to the class."),
  barredTitle: gettext("You cannot be in this class"),
  code: (/** @type {string} */ code) => filled(gettext("Code {code}"), { code }),

  notices: {
    /** @param {string[]} names */
    hands: (names) => 
      names.length === 1
        ? filled(gettext("{name} raised a hand"), { name: names[0] ?? "" })
        : words.handsRaised(names.length),
    /** @param {string} by */
    handLowered: (by) => (by ? filled(gettext("{by} lowered your hand."), { by }) : gettext("Your hand was lowered.")),
    /** @param {OutputKind} device @param {string | null} now */
    unplugged: (device, now) => (now ? filled(replaced[device], { now }) : unplugged[device]),
    talkingMuted: gettext("You are muted."),
    weakLine: gettext("Your line is weak. Video of others is reduced."),
    shareFailed: gettext("Nothing is shared. Choose a tab, a window or a screen to share it."),
    screenTaken: (/** @type {string} */ name) => filled(gettext("{name} shares a screen. Yours can start when it ends."), { name }),
    screenKept: (/** @type {string} */ name) => filled(gettext("{name} lost the line and may come back. Yours can start in a minute at most."), { name }),
    lower: gettext("Lower hand"),
    showPeople: gettext("Show"),
  },

  says: {
    inside: (/** @type {string} */ title, /** @type {number} */ here) =>
      counted(ngettext("You are in {title}. {count} person is here.", "You are in {title}. {count} people are here.", here), here, { title }),
    back: gettext("You are back."),
    layout: (/** @type {string} */ name) => filled(gettext("Layout: {name}."), { name }),
    mediaBack: gettext("Sound and video are back."),
    handUp: gettext("Hand raised."),
    handDown: gettext("Hand lowered."),
    sharing: gettext("You share your screen."),
    notSharing: gettext("You stopped sharing."),
    presents: (/** @type {string} */ name) => filled(gettext("{name} shares a screen."), { name }),
    chat: (/** @type {string} */ name, /** @type {number} */ count) =>
      count === 1
        ? filled(gettext("New message from {name}."), { name })
        : counted(ngettext("{count} new message, the last from {name}.", "{count} new messages, the last from {name}.", count), count, { name }),
    joined: (/** @type {string[]} */ names) => names.length > 0 && filled(ngettext("{names} joined.", "{names} joined.", names.length), { names: listed(names) }),
    left: (/** @type {string[]} */ names) => names.length > 0 && filled(ngettext("{names} left.", "{names} left.", names.length), { names: listed(names) }),
  },
};

