import { heads } from "../state/leading.js";
import { text } from "../text.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";

/** Students leave at once; teachers choose between leaving and ending. @param {{small?: boolean, end: () => void} & Pick<import("../ui/act").Props, "state" | "act">} props */
export function LeaveButton({ state, act, end, small }) {
  const [open, setOpen] = useState(false);
  const teacher = heads(state);
  const rows = [
    { label: text.leave, icon: "log-out", act: act.leave },
    { label: text.endForEveryone, icon: "x", danger: true, act: end },
  ];
  return html`
    <div class=${small ? "menu-anchor menu-anchor--below" : "menu-anchor"}>
      <button
        type="button"
        class=${small ? "leave-small" : "bar__button bar__button--leave"}
        aria-haspopup=${teacher ? "menu" : undefined}
        aria-expanded=${teacher ? String(open) : undefined}
        onClick=${() => (teacher ? setOpen(!open) : act.leave())}
      >
        ${!small && html`<${Icon} name="log-out" mirrors />`}<span>${text.leave}</span>
      </button>
      ${open && html`<${Menu} label=${text.leave} groups=${[{ rows }]} onClose=${() => setOpen(false)} />`}
    </div>
  `;
}
