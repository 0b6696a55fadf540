/**
 * Every word the room shows or says, and what becomes of its notices.
 * The words themselves are with what they are about: prejoin/words.js, room/words.js, …
 */
import { captionsTold } from "./captions/words.js";
import { words as chatWords } from "./chat/words.js";
import { words as effects } from "./effects/words.js";
import { words as guests } from "./guests/words.js";
import { added, told } from "./files/words.js";
import { pollTold } from "./polls/words.js";
import { words as door } from "./prejoin/words.js";
import { lostTold, marks, markTold } from "./recording/marks.js";
import { leadingTold } from "./leading/words.js";
import { recordingTold } from "./recording/words.js";
import { words as room } from "./room/words.js";
import { deviceNames } from "./ui/devices.js";

export const text = { ...door, ...room, devices: deviceNames };

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
    case "material": return added(what.by, what.count);
    case "whisper": return chatWords.privateFrom(what.name);
    case "effect": return effects.told[what.what];
    case "share_failed": return text.notices.shareFailed;
    case "screen_taken": return what.lost ? text.notices.screenKept(what.name) : text.notices.screenTaken(what.name);
    case "carries": return text.carries(what.most);
    case "refused": return [what.text, what.mend].filter(Boolean).join(" ");
    default: return leadingTold(what) ?? pollTold(what) ?? captionsTold(what) ?? "";
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
    case "people": return [text.says.joined(what.joined), text.says.left(what.left)].filter(Boolean).join(" ");
    case "layout": return text.says.layout(text.layouts[what.layout]);
    case "back": return text.says.back;
    case "sent_back": return `${guests.sentBack}.`;
    default: return noticeText(what);
  }
}
