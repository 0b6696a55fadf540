/** Words of leading a class: rules, muting, removing, co-teachers. */

const things = { mic: "microphone", camera: "camera", screen: "screen" };

export const words = {
  mute: "Mute",
  muteNamed: (/** @type {string} */ name) => `Mute ${name}`,
  ask: "Ask to unmute",
  stopCamera: "Stop camera",
  stopShare: "Stop sharing",
  letSpeak: "Let speak",
  letSpeakNamed: (/** @type {string} */ name) => `Let ${name} speak`,
  lowerHand: "Lower hand",
  lowerAll: "Lower all",
  lowerAllHands: "Lower all hands",
  muteAll: "Mute all students",
  makeCoTeacher: "Make co-teacher",
  endCoTeacher: "No longer co-teacher",
  handLead: "Hand over the lead",
  takeLead: "Take the lead",
  remove: "Remove…",
  actions: (/** @type {string} */ name) => `Actions for ${name}`,
  leadsNow: "Leads",
  coTeacher: "Co-teacher",
  classGroup: "Class",

  rules: "Class rules",
  rulesShort: "Class rules…",
  rulesNote: "Changes count at once, for students and guests. You and co-teachers can always do everything.",
  studentsMay: "Students may",
  rule: {
    mic: "Use the microphone",
    camera: "Use the camera",
    screen: "Share their screen",
    chat: "Write to everyone",
    private_chat: "Write and send files to each other",
  },
  ruleHint: { mic: "You can still let one of them speak.", private_chat: "Teachers can always be written to." },
  lock: "Lock the class",
  lockNote: "Nobody new gets in. Who is inside stays, and may reconnect.",
  lockedBadge: "Locked",
  close: "Done",

  removeTitle: (/** @type {string} */ name) => `Remove ${name} from this class?`,
  removeNote: "They leave at once and are told that a teacher removed them.",
  reason: "Reason, shown to them (optional)",
  bar: "Bar them: no way back into this class",
  barNote: "You can undo it in People.",
  cancel: "Keep",
  removeYes: "Remove",
  removeAndBar: "Remove and bar",
  barredTitle: "Barred",
  admit: "Allow back",
  admitNamed: (/** @type {string} */ name) => `Allow ${name} back`,

  locked: { mic: "Mic locked", camera: "Cam locked", screen: "Share locked" },
  lockedName: { mic: "Microphone locked by the teacher", camera: "Camera locked by the teacher", screen: "Sharing locked by the teacher" },
  lockedTitle: {
    mic: "The teacher keeps microphones off",
    camera: "The teacher keeps cameras off",
    screen: "The teacher keeps sharing off",
  },
  lockedLine: { mic: "Raise your hand to be given the word.", camera: "Others see your name instead of a picture.", screen: "Raise your hand if you have something to show." },
  chatOff: "The teacher turned the chat off. You can still read it; raise your hand to ask something.",
  understood: "OK",

  unmute: "Unmute",
  notNow: "Not now",
  asked: "The teacher asks you to unmute.",
  maySpeak: "The teacher gives you the word.",
  allMuted: "All students are muted.",
  stopped: {
    mic: "The teacher muted you. You can unmute when you want to speak.",
    camera: "The teacher stopped your camera. You can start it again.",
    screen: "The teacher stopped your screen. You can share again.",
  },
  stoppedLocked: {
    mic: "The teacher muted you. Raise your hand to speak again.",
    camera: "The teacher stopped your camera.",
    screen: "The teacher stopped your screen.",
  },
  role: { teacher: "You are a co-teacher of this class now.", student: "You are a student of this class again." },
  appointed: (/** @type {string} */ name) => `${name} is a co-teacher now.`,
  dismissed: (/** @type {string} */ name) => `${name} is a student again.`,
  lead: (/** @type {string} */ name) => `${name} leads the class now.`,
  youLead: "You lead the class now.",

  teacherLost: "The teacher lost the connection. Class and recording go on.",
  teacherLostUnrecorded: "The teacher lost the connection. The class goes on.",
  teacherAway: "The teacher is away. The class goes on.",

  removedTitle: "The teacher removed you from this class",
  removedPlain: "You can come back while the class is on.",
  barredPlain: "There is no way back into this class. Ask the school if you think that is wrong.",
  reasonGiven: (/** @type {string} */ reason) => `“${reason}”`,
  lockedOutTitle: "The class is locked",
  lockedOut: "The teacher lets nobody new in just now. Keep this page open; you are let in as soon as the class is unlocked.",
};

/**
 * What changed for students, the most important first.
 * @param {import("../classroom/protocol").ClassRules} was @param {import("../classroom/protocol").ClassRules} now
 */
export function rulesTold(was, now) {
  const off = /** @type {const} */ (["mic", "camera", "screen"]).filter((rule) => was[rule] && !now[rule]).map((rule) => `${things[rule]}s`);
  const on = /** @type {const} */ (["mic", "camera", "screen"]).filter((rule) => !was[rule] && now[rule]).map((rule) => things[rule]);
  const lines = [];
  if (off.length) lines.push(`The teacher turned students’ ${joined(off)} off.`);
  if (on.length) lines.push(`You may use your ${joined(on)} again.`);
  if (was.chat && !now.chat) lines.push("The teacher turned the chat off.");
  if (!was.chat && now.chat) lines.push("You may write in the chat again.");
  return lines.join(" ");
}

/** @param {string[]} each */
const joined = (each) => (each.length < 2 ? (each[0] ?? "") : `${each.slice(0, -1).join(", ")} and ${each.at(-1)}`);

/** @param {import("../state/types").Notice} what @returns {string | null} */
export function leadingTold(what) {
  switch (what.kind) {
    case "stopped": return (what.locked ? words.stoppedLocked : words.stopped)[what.what];
    case "locked": return `${words.lockedTitle[what.what]}.`;
    case "all_muted": return words.allMuted;
    case "asked": return words.asked;
    case "may_speak": return words.maySpeak;
    case "rules": return rulesTold(what.was, what.rules);
    case "role": return what.role === "teacher" ? words.role.teacher : words.role.student;
    case "appointed": return (what.role === "teacher" ? words.appointed : words.dismissed)(what.name);
    case "lead": return what.name === null ? words.youLead : words.lead(what.name);
    default: return null;
  }
}
