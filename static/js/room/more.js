import { words } from "../leading/words.js";
import { marks } from "../recording/marks.js";
import { words as pollWords } from "../polls/words.js";
import { heads, leads, may } from "../state/leading.js";
import { canMark } from "../state/views.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Menu } from "../ui/menu.js";
import { BarButton } from "./button.js";
import { captionGroups } from "./captions.js";
import { groups } from "./device.js";
import { words as keyWords } from "./keywords.js";
import { EmojiRow } from "./react.js";
import { recordingRows } from "./recording.js";
import { classRows } from "./rules.js";
import { words as alertWords } from "./alertwords.js";
import { canFloat } from "./floats.js";
import { canShare } from "./share.js";
import { words as smallWords } from "./smallwords.js";
import { layoutGroups } from "./viewing.js";

/** What a phone's five buttons leave out; on larger screens what a teacher does to the whole class. @param {import("./header").Parts} props */
export function MoreButton({ state, act, form, end, mark, rules, alerts, help, treat, floating, shown }) {
  const [open, setOpen] = useState(false);
  const listens = !leads(state);
  const rows = [
    listens && { label: text.peopleCount(Object.keys(state.people).length), icon: "users", act: () => act.openPanel("people") },
    listens && { label: pollWords.title, icon: "chart-bar", act: () => act.openPanel("polls") },
    ...(listens ? [] : recordingRows(state, act, mark)),
    state.you.role === "student" && canMark(state) && { label: marks.lost, icon: "circle-help", act: act.lostHere },
    canShare() && may(state, "screen") && { label: state.share === "on" ? text.stopSharing : text.shareScreen, icon: "monitor-up", act: act.share },
    canFloat() && { label: floating.open ? smallWords.close : smallWords.open, icon: "picture-in-picture-2", act: floating.turn },
    form === "low" && { label: text.leave, icon: "log-out", act: act.leave },
    form === "low" && heads(state) && { label: text.endForEveryone, icon: "x", danger: true, act: end },
  ].filter((row) => row !== false);
  const own = { rows: [{ label: alertWords.title, icon: "bell", act: alerts }, { label: keyWords.title, icon: "keyboard", act: help }] };
  const phone = form === "phone" || form === "low";
  const forClass = classRows(state, act, rules);
  const all = !phone ? [...(forClass.length ? [{ rows: forClass }] : []), ...captionGroups(state, act), own] : [{ rows }, ...(forClass.length ? [{ title: words.classGroup, rows: forClass }] : []), ...captionGroups(state, act), ...layoutGroups(state, act, shown), ...groups("mic", state, act, treat), ...groups("camera", state, act, treat), own];
  const chosen = (/** @type {import("../classroom/protocol").Emoji} */ emoji) => {
    setOpen(false);
    act.react(emoji);
  };
  return html`
    <div class=${phone ? "menu-anchor menu-anchor--end" : "menu-anchor"}>
      <${BarButton} look=${open ? "active" : "plain"} icon="ellipsis" word=${text.more} haspopup expanded=${open} act=${() => setOpen(!open)} />
      ${open && html`<${Menu} label=${text.more} groups=${all} onClose=${() => setOpen(false)}><${EmojiRow} chosen=${chosen} /><//>`}
    </div>
  `;
}
