import { words } from "../leading/words.js";
import { may } from "../state/leading.js";
import { hands } from "../state/views.js";
import { clock, text } from "../text.js";
import { Avatar } from "../ui/avatar.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { HandRow } from "./hands.js";
import { linked } from "./links.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {{id: string, name: string, hue: number, at: string | number, text: string, first: boolean, unsent?: import("../state/types").Unsent}} Line */

const MOST = 2000;
const SAME_BREATH = 5 * 60_000;

/** What was written to everyone. @param {Pick<Props, "state" | "act">} props */
export function Chat({ state, act }) {
  const first = hands(state)[0];
  const all = lines(state);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const [fresh, atEnd, toEnd] = useFollowing(list, all.length);
  return html`
    ${state.you.role === "teacher" && first && html`<div class="panel__pinned"><${HandRow} state=${state} act=${act} person=${first} place=${1} /></div>`}
    <div ref=${list} class="chat" role="log" aria-label=${text.chat} tabindex="0" onScroll=${atEnd}>
      <div class="chat__lines">
        ${state.session.startedAt && html`<p class="chat__event">${text.classStarted(state.session.startedAt)}</p>`}
        ${!all.length && html`<p class="chat__event">${text.chatEmpty}</p>`}
        ${all.map((line) => html`<${ChatLine} key=${line.id} line=${line} state=${state} act=${act} />`)}
      </div>
    </div>
    ${fresh > 0 && html`<button type="button" class="chat__fresh button button--row" onClick=${toEnd}>${text.newMessages(fresh)}</button>`}
    ${may(state, "chat") ? html`<${Field} act=${act} />` : html`<p class="chat__off" role="note"><${Icon} name="lock" />${words.chatOff}</p>`}
  `;
}

/** @param {Props["state"]} state @returns {Line[]} */
function lines(state) {
  let writer = "";
  let last = 0;
  const first = (/** @type {string} */ who, /** @type {number} */ at) => {
    const starts = who !== writer || at - last > SAME_BREATH;
    writer = who;
    last = at;
    return starts;
  };
  const said = state.messages.map(({ id, participant, name, hue, text: words, at }) => ({
    id: String(id), name, hue, at, text: words, first: first(participant, Date.parse(at)),
  }));
  const unsent = state.unsent.map((each) => ({
    id: each.key, name: state.you.name, hue: state.you.hue, at: each.at, text: each.text, unsent: each,
    first: first(state.you.id ?? "", each.at + state.skew),
  }));
  return [...said, ...unsent];
}

/** @param {{line: Line} & Pick<Props, "state" | "act">} props */
const ChatLine = ({ line, state, act }) => html`
  <div class=${line.first ? "line line--first" : "line"}>
    ${line.first && html`<${Avatar} name=${line.name} hue=${line.hue} />`}
    <div class="line__words">
      ${line.first && html`<p class="line__head"><b><bdi>${line.name}</bdi></b> <time>${clock(line.at)}</time></p>`}
      <p class=${line.unsent ? "line__text line__text--unsent" : "line__text"} dir="auto">${linked(line.text)}</p>
      ${line.unsent && html`<${Fate} unsent=${line.unsent} state=${state} act=${act} />`}
    </div>
  </div>
`;

/** @param {{unsent: import("../state/types").Unsent} & Pick<Props, "state" | "act">} props */
function Fate({ unsent, state, act }) {
  if (unsent.refusal)
    return html`<p class="line__fate line__fate--bad">
      ${text.notSent} ${unsent.refusal} <button type="button" class="as-link" onClick=${() => act.sayAgain(unsent.key)}>${text.tryAgain}</button>
    </p>`;
  return html`<p class="line__fate">${state.socket === "open" ? text.sending : text.waitsForLine}</p>`;
}

/** @param {Pick<Props, "act">} props */
function Field({ act }) {
  const [words, setWords] = useState("");
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${area.scrollHeight + 2}px`);
  }, [words]);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const over = [...words.trim()].length - MOST;
  const send = () => {
    if (!words.trim() || over > 0) return field.current?.focus();
    act.say(words.trim());
    setWords("");
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return html`
    <form class="chat__form" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); send(); }}>
      <textarea
        ref=${field}
        class="input chat__field"
        id="chat-field"
        rows="1"
        dir="auto"
        aria-label=${text.messageEveryone}
        placeholder=${text.messageEveryone}
        aria-invalid=${over > 0 ? "true" : undefined}
        aria-describedby=${over > 0 ? "chat-over" : undefined}
        value=${words}
        onInput=${(/** @type {Event} */ event) => setWords(/** @type {HTMLTextAreaElement} */ (event.target).value)}
        onKeyDown=${key}
      ></textarea>
      <button type="submit" class="button button--quiet icon-button" aria-label=${text.send} data-tip=${text.send}><${Icon} name="send" mirrors /></button>
      ${over > 0 && html`<p class="field__error" id="chat-over">${text.tooLong(over)}</p>`}
    </form>
  `;
}

/**
 * Follows the newest line while the reader is at the end; else counts what came meanwhile.
 * @param {{current: HTMLElement | null}} list @param {number} count @returns {[number, () => void, () => void]}
 */
function useFollowing(list, count) {
  const follows = useRef(true);
  const seen = useRef(count);
  const [fresh, setFresh] = useState(0);
  const toEnd = () => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    seen.current = count;
    setFresh(0);
  };
  useLayoutEffect(() => {
    if (follows.current) toEnd();
    else setFresh(Math.max(0, count - seen.current));
  }, [count]);
  const scrolled = () => {
    const element = list.current;
    if (!element) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    if (follows.current && fresh) toEnd();
  };
  return [fresh, scrolled, toEnd];
}
