import { words } from "../guests/words.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** A guest in the waiting room: what they wait for, and the way out. @param {Pick<import("../ui/act").Props, "state" | "act">} props */
export const InWaitingRoom = ({ state, act }) => html`
  <div class="prejoin__entry">
    <div class="note note--warn waiting" role="status">
      <${Icon} name="hourglass" />
      <div>
        <b>${words.inWaitingRoom}</b>
        <span>${(state.session.state === "live" ? words.told : words.notYet)(state.session.teacher)}</span>
      </div>
    </div>
    <button type="button" class="button button--large button--wide" onClick=${act.stopWaiting}>${words.leave}</button>
  </div>
`;
