import { leads, may } from "../state/leading.js";
import { handPlace, handUp, hands } from "../state/views.js";
import { words as guests } from "../guests/words.js";
import { text } from "../text.js";
import { clock } from "../ui/times.js";
import { html, useEffect, useRef } from "../ui/html.js";
import { useMedia, useNow } from "../ui/time.js";
import { BarButton } from "./button.js";
import { DeviceButton } from "./device.js";
import { LeaveButton } from "./leave.js";
import { LockedButton } from "./locked.js";
import { LostButton } from "./marks.js";
import { MoreButton } from "./more.js";
import { ReactButton } from "./react.js";
import { RecordButton } from "./recording.js";
import { canShare } from "./share.js";

const ROOMY = "(min-width: 1280px) and (min-height: 500.02px)";

/** @typedef {import("./header").Parts} Parts */

/** Class controls: an APG toolbar, one tab stop. @param {Parts} props */
export function Bar(props) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => oneTabStop(bar.current));
  const phone = props.form === "phone" || props.form === "low";
  return html`
    <div
      ref=${bar}
      class="bar"
      role="toolbar"
      aria-label=${text.controls}
      aria-orientation=${props.form === "low" ? "vertical" : "horizontal"}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => walk(event, bar.current)}
      onFocusIn=${(/** @type {FocusEvent} */ event) => oneTabStop(bar.current, /** @type {HTMLElement} */ (event.target))}
    >
      ${phone ? html`<${PhoneButtons} ...${props} />` : html`<${Buttons} ...${props} />`}
    </div>
  `;
}

/** @param {Parts} props */
const Buttons = (props) => html`
  <div class="bar__start"><${Clock} state=${props.state} /></div>
  <div class="bar__middle">
    <${DeviceButton} device="mic" ...${props} />
    <${DeviceButton} device="camera" ...${props} />
    <${ShareButton} ...${props} />
    ${!leads(props.state) ? html`<${HandButton} ...${props} />` : html`<${RecordButton} ...${props} />`}
    <${ReactButton} act=${props.act} />
    <${MoreButton} ...${props} />
    <${LeaveButton} state=${props.state} act=${props.act} end=${props.end} />
  </div>
  <div class="bar__end">
    ${leads(props.state) ? html`<${HandsButton} ...${props} />` : props.state.you.role === "student" && html`<${LostButton} ...${props} />`}
    <${PeopleButton} ...${props} />
    <${ChatButton} ...${props} />
  </div>
`;

/** @param {Parts} props */
const PhoneButtons = (props) => html`
  <${DeviceButton} device="mic" ...${props} />
  <${DeviceButton} device="camera" ...${props} />
  ${!leads(props.state) ? html`<${HandButton} ...${props} />` : html`<${PeopleButton} ...${props} />`}
  <${ChatButton} ...${props} />
  <${MoreButton} ...${props} />
`;

/** @param {Pick<Parts, "state">} props */
function Clock({ state }) {
  const now = useNow(5000) + state.skew;
  const left = Date.parse(state.session.endsAt) - now;
  return html`
    <p class=${left < 5 * 60_000 ? "bar__clock bar__clock--soon" : "bar__clock"}>
      <time>${clock(now)}</time> · <bdi>${text.minutesLeft(left)}</bdi>
    </p>
  `;
}

/** @param {Parts} props */
function ShareButton({ state, act }) {
  if (!canShare()) return null;
  if (!may(state, "screen")) return html`<${LockedButton} what="screen" state=${state} act=${act} />`;
  const { share } = state;
  const word = share === "on" ? text.stopSharing : share === "asking" ? text.choosing : text.share;
  return html`<${BarButton} look=${share === "on" ? "active" : "plain"} icon=${share === "on" ? "monitor-x" : "monitor-up"} word=${word} forms=${[text.share, text.stopSharing, text.choosing]} busy=${share === "asking"} act=${act.share} />`;
}

/** @param {Parts} props */
function HandButton({ state, act }) {
  const up = handUp(state);
  const place = state.you.id ? handPlace(state, state.you.id) : 0;
  return html`
    <${BarButton}
      look=${up ? "hand" : "plain"}
      icon="hand"
      word=${up ? text.lowerHand : text.raiseHand}
      forms=${[text.lowerHand, text.raiseHand]}
      hint=${up ? text.yourPlace(place) : undefined}
      keys="Ctrl+Alt+H"
      count=${up && place ? place : 0}
      act=${act.hand}
    />
  `;
}

/** How many wait to be called, for who leads: where there is no room for it, the button of all people says so. @param {Parts} props */
function HandsButton({ state, act }) {
  const raised = hands(state).length;
  const open = state.panel === "people";
  if (!useMedia(ROOMY)) return null;
  const name = raised ? text.handsRaised(raised) : text.hands;
  return html`<${BarButton} look="plain" icon="hand" word=${text.hands} name=${name} count=${raised} raised expanded=${open} act=${() => act.openPanel(open ? null : "people")} />`;
}

/** What waits for whoever leads, first who knocks, then hands that have no button; else how many are here. @param {Parts} props */
function PeopleButton({ state, act, form }) {
  const apart = useMedia(ROOMY);
  const here = Object.keys(state.people).length;
  const knocks = leads(state) ? state.waiting.length : 0;
  const raised = leads(state) && !apart ? hands(state).length : 0;
  const name = [text.peopleCount(here), knocks && guests.waitingCount(knocks), raised && text.handsRaised(raised)].filter(Boolean).join(", ");
  const counts = { count: knocks || raised || (form === "wide" ? here : 0), quiet: !knocks && !raised, raised: !knocks && raised > 0 };
  return html`<${PanelButton} panel="people" icon="users" word=${text.people} name=${name} keys="Ctrl+Alt+P" ...${counts} state=${state} act=${act} />`;
}

/** @param {Parts} props */
const ChatButton = ({ state, act }) =>
  html`<${PanelButton} panel="chat" icon="message-square" word=${text.chat} name=${state.unread ? text.unread(state.unread) : text.chat} count=${state.unread} keys="Ctrl+Alt+C" state=${state} act=${act} />`;

/** @param {{panel: "chat" | "people"} & Pick<Parts, "state" | "act"> & Record<string, any>} props */
function PanelButton({ panel, state, act, ...shown }) {
  const open = state.panel === panel;
  return html`<${BarButton} look=${open ? "active" : "plain"} ...${shown} expanded=${open} act=${() => act.openPanel(open ? null : panel)} />`;
}

/** @param {HTMLElement | null} bar @returns {HTMLElement[]} */
const stops = (bar) => /** @type {HTMLElement[]} */ ([...(bar?.querySelectorAll("button:not([role])") ?? [])]);

/** @param {HTMLElement | null} bar @param {HTMLElement} [focused] */
function oneTabStop(bar, focused) {
  const all = stops(bar);
  const current = (focused && all.includes(focused) && focused) || all.find((each) => each.dataset["stop"] !== undefined) || all[0];
  for (const each of all) {
    each.tabIndex = each === current ? 0 : -1;
    if (each === current) each.dataset["stop"] = "";
    else delete each.dataset["stop"];
  }
}

/** @param {KeyboardEvent} event @param {HTMLElement | null} bar */
function walk(event, bar) {
  const all = stops(bar);
  const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
  if (at < 0) return;
  const rtl = document.documentElement.dir === "rtl";
  const ahead = rtl ? -1 : 1;
  const to = { ArrowRight: at + ahead, ArrowLeft: at - ahead, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[(to + all.length) % all.length]?.focus();
}
