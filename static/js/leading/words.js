/** Words of leading a class: rules, muting, removing, co-teachers. */
import { filled, gettext, listed, pgettext } from "../ui/catalogue.js";

const taken = {
  mic: pgettext("The teacher turned students’ … off", "microphones"),
  camera: pgettext("The teacher turned students’ … off", "cameras"),
  screen: pgettext("The teacher turned students’ … off", "screens"),
};
const given = {
  mic: pgettext("You may use your …", "microphone"),
  camera: pgettext("You may use your …", "camera"),
  screen: pgettext("You may use your …", "screen"),
};

export const words = {
  mute: gettext("Mute"),
  muteNamed: (/** @type {string} */ name) => filled(gettext("Mute {name}"), { name }),
  ask: gettext("Ask to unmute"),
  stopCamera: gettext("Stop camera"),
  stopShare: gettext("Stop sharing"),
  letSpeak: gettext("Let speak"),
  giveScreen: gettext("Give the screen"),
  takeScreen: gettext("Take the screen back"),
  sendBack: gettext("Send to the waiting room"),
  letSpeakNamed: (/** @type {string} */ name) => filled(gettext("Let {name} speak"), { name }),
  lowerHand: gettext("Lower hand"),
  lowerAll: gettext("Lower all"),
  lowerAllHands: gettext("Lower all hands"),
  muteAll: gettext("Mute all students"),
  makeCoTeacher: gettext("Make co-teacher"),
  endCoTeacher: gettext("No longer co-teacher"),
  handLead: gettext("Hand over the lead"),
  takeLead: gettext("Take the lead"),
  remove: gettext("Remove…"),
  actions: (/** @type {string} */ name) => filled(gettext("Actions for {name}"), { name }),
  leadsNow: gettext("Leads"),
  coTeacher: gettext("Co-teacher"),
  classGroup: gettext("Class"),

  rules: gettext("Class rules"),
  rulesShort: gettext("Class rules…"),
  rulesNote: gettext("Changes take effect at once, for students and guests. You and co-teachers can always do everything."),
  studentsMay: gettext("Students may"),
  rule: {
    mic: gettext("Use the microphone"),
    camera: gettext("Use the camera"),
    screen: gettext("Share their screen"),
    chat: gettext("Write to everyone"),
    private_chat: gettext("Write and send files to each other"),
  },
  ruleHint: { mic: gettext("You can still let one of them speak."), private_chat: gettext("Teachers can always be written to.") },
  lock: gettext("Lock the class"),
  lockNote: gettext("Nobody new gets in. Who is inside stays, and may reconnect."),
  lockedBadge: gettext("Locked"),
  close: gettext("Done"),

  removeTitle: (/** @type {string} */ name) => filled(gettext("Remove {name} from this class?"), { name }),
  removeNote: gettext("They leave at once and are told that a teacher removed them."),
  reason: gettext("Reason, shown to them (optional)"),
  bar: gettext("Bar them: no way back into this class"),
  barNote: gettext("You can undo it in People."),
  cancel: gettext("Keep"),
  removeYes: gettext("Remove"),
  removeAndBar: gettext("Remove and bar"),
  barredTitle: gettext("Barred"),
  admit: gettext("Allow back"),
  admitNamed: (/** @type {string} */ name) => filled(gettext("Allow {name} back"), { name }),

  locked: { mic: gettext("Mic locked"), camera: gettext("Cam locked"), screen: gettext("Share locked") },
  lockedName: { mic: gettext("Microphone locked by the teacher"), camera: gettext("Camera locked by the teacher"), screen: gettext("Sharing locked by the teacher") },
  lockedTitle: {
    mic: gettext("The teacher keeps microphones off"),
    camera: gettext("The teacher keeps cameras off"),
    screen: gettext("The teacher keeps sharing off"),
  },
  lockedLine: { mic: gettext("Raise your hand to be given the word."), camera: gettext("Others see your name instead of a picture."), screen: gettext("Raise your hand if you have something to show.") },
  chatOff: gettext("The teacher turned the chat off. You can still read it; raise your hand to ask something."),
  understood: gettext("OK"),

  unmute: gettext("Unmute"),
  notNow: gettext("Not now"),
  asked: gettext("The teacher asks you to unmute."),
  maySpeak: gettext("It is your turn to speak."),
  mayShare: gettext("The teacher asks you to share your screen."),
  allMuted: gettext("All students are muted."),
  stopped: {
    mic: gettext("The teacher muted you. You can unmute when you want to speak."),
    camera: gettext("The teacher stopped your camera. You can start it again."),
    screen: gettext("The teacher stopped your screen. You can share again."),
  },
  stoppedLocked: {
    mic: gettext("The teacher muted you. Raise your hand to speak again."),
    camera: gettext("The teacher stopped your camera."),
    screen: gettext("The teacher stopped your screen."),
  },
  role: { teacher: gettext("You are a co-teacher of this class now."), student: gettext("You are a student of this class again.") },
  appointed: (/** @type {string} */ name) => filled(gettext("{name} is a co-teacher now."), { name }),
  dismissed: (/** @type {string} */ name) => filled(gettext("{name} is a student again."), { name }),
  lead: (/** @type {string} */ name) => filled(gettext("{name} leads the class now."), { name }),
  takeBack: gettext("Take it back"),
  undo: gettext("Undo"),
  youLead: gettext("You lead the class now."),

  teacherLost: gettext("The teacher lost the connection. Class and recording go on."),
  teacherLostUnrecorded: gettext("The teacher lost the connection. The class goes on."),
  teacherAway: gettext("The teacher is away. The class goes on."),

  removedTitle: gettext("The teacher removed you from this class"),
  removedPlain: gettext("You can come back while the class is on."),
  barredPlain: gettext("There is no way back into this class. Ask the school if you think that is wrong."),
  writeToSchool: gettext("Write to the school"),
  reasonGiven: (/** @type {string} */ reason) => `“${reason}”`,
  lockedOutTitle: gettext("The class is locked"),
  lockedOut: gettext("The teacher lets nobody new in just now. Keep this page open; you are let in as soon as the class is unlocked."),
};

/**
 * What changed for students, the most important first.
 * @param {import("../classroom/protocol").ClassRules} was @param {import("../classroom/protocol").ClassRules} now
 */
export function rulesTold(was, now) {
  const off = /** @type {const} */ (["mic", "camera", "screen"]).filter((rule) => was[rule] && !now[rule]).map((rule) => taken[rule]);
  const on = /** @type {const} */ (["mic", "camera", "screen"]).filter((rule) => !was[rule] && now[rule]).map((rule) => given[rule]);
  const lines = [];
  if (off.length) lines.push(filled(gettext("The teacher turned students’ {things} off."), { things: listed(off) }));
  if (on.length) lines.push(filled(gettext("You may use your {things} again."), { things: listed(on) }));
  if (was.chat && !now.chat) lines.push(gettext("The teacher turned the chat off."));
  if (!was.chat && now.chat) lines.push(gettext("You may write in the chat again."));
  return lines.join(" ");
}

/** @param {import("../state/types").Notice} what @returns {string | null} */
export function leadingTold(what) {
  switch (what.kind) {
    case "stopped": return (what.locked ? words.stoppedLocked : words.stopped)[what.what];
    case "locked": return `${words.lockedTitle[what.what]}.`;
    case "all_muted": return words.allMuted;
    case "asked": return words.asked;
    case "may_speak": return words.maySpeak;
    case "may_share": return words.mayShare;
    case "rules": return rulesTold(what.was, what.rules);
    case "role": return what.role === "teacher" ? words.role.teacher : words.role.student;
    case "appointed": return (what.role === "teacher" ? words.appointed : words.dismissed)(what.name);
    case "lead": return what.name === null ? words.youLead : words.lead(what.name);
    default: return null;
  }
}
