import { words as leadingWords } from "../leading/words.js";
import { isStuck, silentSince } from "../state/views.js";
import { text } from "../text.js";
import { html, useEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { useAfter, useNow } from "../ui/time.js";

const STAYS = 8000; // ms
const GONE = 3000; // ms; a reload takes less
const SOON = 60_000; // ms
const OVERDUE = 60_000; // ms; it should have gone by then: nothing more is said of it

/** What lasts, under the header, until it is over. Screen readers hear only of regions that were there before. @param {import("../ui/act").Props & {children?: any}} props */
export function Strip({ state, act, page, children }) {
  const socket = useAfter(state.socketLostAt, 2000);
  const media = useAfter(silentSince(state), state.server === "lost" ? 1000 : 3000);
  const now = useNow(1000);
  const gone = useAfter(state.leadGone?.at ?? null, GONE);
  const words = wordsFor(state, socket, media) ?? (state.server === "leaving" ? leaving(state.serverLeavesAt, now) : gone ? teacherGone(state) : null);
  const back = useBack(media);
  return html`
    <div class="room__lasting" role="status">
      ${words && html`<div class="room__strip"><${Icon} name=${socket || media || state.trouble ? "wifi-off" : "info"} /><span>${words}</span><${AnotherWay} state=${state} act=${act} page=${page} now=${now} /></div>`}
      ${children}
      ${back && !words && html`<span class="visually-hidden">${text.says.mediaBack}</span>`}
    </div>
  `;
}

/** What is left to a person to whom nothing comes. @param {import("../ui/act").Props & {now: number}} props */
function AnotherWay({ state, act, page, now }) {
  const { slow, media, trouble } = state;
  const known = (slow && media !== "on") || (trouble && trouble !== "searching");
  const turn = () => {
    act.tryAnotherWay();
    document.getElementById("stage")?.focus(); // the button goes
  };
  const stuck = isStuck(state, now);
  if (!known && !stuck) return null;
  return html`<span class="room__ways">
    ${known && page.urls.check && html`<a class="button button--row" href=${page.urls.check} target="_blank" rel="noopener">${text.detailsForIt}</a>`}
    ${stuck && html`<button type="button" class="button button--row" onClick=${turn}>${text.tryAnotherWay}</button>`}
  </span>`;
}

/** Whether what was said to be lost has just come back. @param {boolean} lost */
function useBack(lost) {
  const [back, setBack] = useState(false);
  const was = useRef(lost);
  useEffect(() => {
    const returned = was.current && !lost;
    was.current = lost;
    setBack(returned);
    if (!returned) return;
    const timer = setTimeout(() => setBack(false), STAYS);
    return () => clearTimeout(timer);
  }, [lost]);
  return back;
}

/** @param {import("../state/types").State} state @param {boolean} socket lost long enough to say so @param {boolean} media the same */
function wordsFor({ server, trouble, slow, udpPort, media: now }, socket, media) {
  if (socket && media) return text.everythingLost;
  if (socket) return text.reconnecting;
  if (trouble === "searching") return text.findingOut;
  if (trouble) return text.trouble(trouble);
  if (slow && server === "up" && now !== "on") return udpPort ? text.slowWayPast(udpPort) : text.slowWay;
  if (media) return server === "lost" ? text.serverLost : text.mediaLost;
  return null;
}

/** @param {number} at @param {number} now */
function leaving(at, now) {
  if (at - now > SOON) return text.serverLeavesBy(new Date(at).toISOString());
  return now - at < OVERDUE ? text.serverLeaving : null;
}

/** @param {import("../state/types").State} state */
function teacherGone({ leadGone, recording }) {
  if (!leadGone?.lost) return leadingWords.teacherAway;
  return recording?.state === "on" ? leadingWords.teacherLost : leadingWords.teacherLostUnrecorded;
}
