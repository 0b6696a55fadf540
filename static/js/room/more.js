import { marks } from "../recording/marks.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Menu } from "../ui/menu.js";
import { BarButton } from "./button.js";
import { groups } from "./device.js";
import { canMark } from "./marks.js";
import { recordingRows } from "./recording.js";
import { canShare } from "./share.js";

/** What a phone's five buttons leave out. @param {import("./header").Parts} props */
export function MoreButton({ state, act, form, end, mark }) {
  const [open, setOpen] = useState(false);
  const student = state.you.role === "student";
  const rows = [
    student && { label: text.peopleCount(Object.keys(state.people).length), icon: "users", act: () => act.openPanel("people") },
    ...(student ? [] : recordingRows(state, act, mark)),
    student && canMark(state) && { label: marks.lost, icon: "circle-help", act: act.lostHere },
    canShare() && { label: state.share === "on" ? text.stopSharing : text.shareScreen, icon: "monitor-up", act: act.share },
    form === "low" && { label: text.leave, icon: "log-out", act: act.leave },
    form === "low" && !student && { label: text.endForEveryone, icon: "x", danger: true, act: end },
  ].filter((row) => row !== false);
  const all = [{ rows }, ...groups("mic", state, act), ...groups("camera", state, act)];
  return html`
    <div class="menu-anchor menu-anchor--end">
      <${BarButton} look=${open ? "active" : "plain"} icon="ellipsis" word=${text.more} haspopup expanded=${open} act=${() => setOpen(!open)} />
      ${open && html`<${Menu} label=${text.more} groups=${all} onClose=${() => setOpen(false)} />`}
    </div>
  `;
}
