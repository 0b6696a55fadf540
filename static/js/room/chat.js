import { words } from "../chat/words.js";
import { words as leadingWords } from "../leading/words.js";
import { readers } from "../state/chat.js";
import { may } from "../state/leading.js";
import { hands } from "../state/views.js";
import { text } from "../text.js";
import { clock } from "../ui/times.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";
import { useMedia } from "../ui/time.js";
import { Compose } from "./compose.js";
import { HandRow } from "./hands.js";
import { ChatLine } from "./line.js";
import { linked } from "../chat/links.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("./line").Line} Line */

const SAME_BREATH = 5 * 60_000;
const SEARCH_FROM = 5;

/** What was written: to everyone, and privately to this person. @param {Pick<Props, "state" | "act" | "page">} props */
export function Chat({ state, act, page }) {
  const first = hands(state)[0];
  const all = lines(state);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const [wanted, setWanted] = useState("");
  const looking = wanted.trim().toLocaleLowerCase();
  const [fresh, atEnd, toEnd, stay] = useFollowing(list, all, Boolean(looking));
  const goTo = useSeek(list, state, act, () => (stay(), setWanted("")));
  const [stop, walk, focused] = useWalk(list, all);
  const small = useMedia("(max-width: 639.98px), (max-height: 500px)"); // there it scrolls away
  const head = (state.messages.length >= SEARCH_FROM || state.earlier || wanted) && html`<${Head} state=${state} wanted=${wanted} setWanted=${setWanted} act=${act} />`;
  return html`
    ${state.you.role === "teacher" && first && html`<div class="panel__pinned"><${HandRow} state=${state} act=${act} person=${first} place=${1} /></div>`}
    ${!small && head}
    <div
      ref=${list}
      class=${looking ? "chat chat--searching" : "chat"}
      role="log"
      aria-label=${text.chat}
      aria-relevant="additions"
      aria-busy=${state.earlierAsked ? "true" : undefined}
      tabindex=${all.length && !looking ? undefined : 0}
      onScroll=${atEnd}
      onKeyDown=${walk}
      onFocusIn=${focused}
    >
      ${small && head}
      ${looking
        ? html`<${Found} state=${state} act=${act} looking=${looking} goTo=${goTo} />`
        : html`
            <div class="chat__lines">
              ${state.earlier && html`<${Earlier} state=${state} act=${act} word=${words.earlier} />`}
              ${!state.earlier && state.session.startedAt && html`<p class="chat__event">${text.classStarted(state.session.startedAt)}</p>`}
              ${!all.length && html`<p class="chat__event">${text.chatEmpty}</p>`}
              ${all.map((line) => html`<${ChatLine} key=${line.id} line=${line} state=${state} act=${act} page=${page} goTo=${goTo} stop=${line.id === stop} />`)}
            </div>
          `}
    </div>
    ${fresh > 0 && !looking && html`<div class="chat__below"><button type="button" class="chat__fresh button button--row" onClick=${toEnd}>${text.newMessages(fresh)}</button></div>`}
    ${may(state, "chat") || state.draft.to || state.draft.edit !== null ? html`<${Compose} state=${state} act=${act} />` : html`<${Off} state=${state} act=${act} />`}
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
  const said = state.messages.map((message) => ({
    ...message, id: String(message.id), message, saving: state.saving[message.id],
    first: first(`${message.participant} ${message.to?.id ?? ""}`, Date.parse(message.at)),
  }));
  const unsent = state.unsent.map((each) => ({
    ...each, id: each.key, name: state.you.name, hue: state.you.hue, unsent: each,
    first: first(`${state.you.id} ${each.to?.id ?? ""}`, each.at + state.skew),
  }));
  return [...said, ...unsent];
}

/** Nobody but teachers writes to everyone; to one of them a student still may. @param {Pick<Props, "state" | "act">} props */
function Off({ state, act }) {
  const first = readers(state)[0];
  return html`
    <div class="chat__off" role="note">
      <${Icon} name="lock" />
      <p>${leadingWords.chatOff} ${first && html`<button type="button" class="as-link" onClick=${() => act.write({ to: first.id })}>${words.writePrivately}</button>`}</p>
    </div>
  `;
}

/** Search and save. @param {{wanted: string, setWanted: (wanted: string) => void} & Pick<Props, "state" | "act">} props */
function Head({ wanted, setWanted, state, act }) {
  const [open, setOpen] = useState(false);
  const kinds = /** @type {const} */ ([["txt", words.asText], ["csv", words.asTable], ["json", words.asData]]);
  const leave = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && wanted && (event.stopPropagation(), setWanted(""));
  return html`
    <div class="chat__head" role="search">
      <input class="input chat__search" type="search" aria-label=${words.search} placeholder=${words.search} value=${wanted} onKeyDown=${leave} onInput=${(/** @type {Event} */ event) => setWanted(/** @type {HTMLInputElement} */ (event.target).value)} />
      ${state.you.role !== "guest" && html`<div class="menu-anchor menu-anchor--below">
        <button type="button" class="button button--quiet icon-button" aria-haspopup="menu" aria-expanded=${String(open)} aria-label=${words.download} onClick=${() => setOpen(!open)}><${Icon} name="download" /></button>
        ${open && html`<${Menu} label=${words.download} groups=${[{ title: words.download, rows: kinds.map(([kind, label]) => ({ label, act: () => act.saveChat(kind) })) }]} onClose=${() => setOpen(false)} />`}
      </div>`}
    </div>
  `;
}

/** @param {{looking: string, goTo: (id: number) => void} & Pick<Props, "state" | "act">} props */
function Found({ state, act, looking, goTo }) {
  const found = state.messages.filter(({ text: said, name, files }) => [said, name, ...files.map((file) => file.name)].some((each) => each.toLocaleLowerCase().includes(looking)));
  return html`
    <p class="chat__event" role="status">${found.length ? words.found(found.length) : words.none}</p>
    <ul role="list" class="found">
      ${found.map(
        (message) => html`
          <li key=${message.id}>
            <button type="button" class="found__one" aria-label=${words.goTo(message.name)} aria-description=${message.text} onClick=${() => goTo(message.id)}>
              <span class="line__head"><b><bdi>${message.name}</bdi></b> <time>${clock(message.at)}</time></span>
              <span class="found__words" dir="auto">${message.text ? linked(message.text, looking, true) : message.files.map(({ name }) => name).join(", ")}</span>
            </button>
          </li>
        `,
      )}
    </ul>
    ${state.earlier && html`<${Earlier} state=${state} act=${act} word=${words.searchEarlier} />`}
  `;
}

/** @param {{word: string} & Pick<Props, "state" | "act">} props */
const Earlier = ({ state, act, word }) => html`
  <p class="chat__earlier"><button type="button" class="button button--row" aria-busy=${state.earlierAsked ? "true" : undefined} onClick=${act.loadEarlier}>${state.earlierAsked ? words.loading : word}</button></p>
`;

/**
 * Follows the newest line while the reader is at the end; else counts what came meanwhile. Older lines that are put
 * before leave the one that is read where it is.
 * @param {{current: HTMLElement | null}} list @param {Line[]} all @param {boolean} searching
 * @returns {[number, () => void, () => void, () => void]} how many came, on scrolling, to the end, follow no more
 */
function useFollowing(list, all, searching) {
  const follows = useRef(true);
  const newest = all.at(-1)?.id;
  const seen = useRef(newest);
  const was = useRef({ first: all[0]?.id, height: 0 });
  const [fresh, setFresh] = useState(0);
  const ours = useRef(0);
  const down = () => {
    const element = list.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    ours.current = element.scrollTop;
  };
  const toEnd = () => {
    down();
    follows.current = true;
    seen.current = newest;
    setFresh(0);
  };
  useLayoutEffect(() => {
    const element = list.current;
    if (element && was.current.first !== all[0]?.id && !follows.current) element.scrollTop += element.scrollHeight - was.current.height;
    was.current = { first: all[0]?.id, height: element?.scrollHeight ?? 0 };
    if (follows.current) toEnd();
    else setFresh(Math.max(0, all.length - 1 - all.findIndex(({ id }) => id === seen.current)));
  }, [all[0]?.id, all.length, newest]);
  const keep = () => {
    const element = list.current;
    if (!element || !follows.current || searching) return;
    const left = element.scrollTop < ours.current - 1 && !isAtEnd(element); // the reader did, and it was not told yet
    if (left) follows.current = false;
    else down();
  };
  useLayoutEffect(keep); // an emoji below a line makes it higher as well
  useEffect(() => {
    const observer = new ResizeObserver(keep);
    for (const each of [list.current, list.current?.querySelector(".chat__lines")]) if (each) observer.observe(each);
    return () => observer.disconnect();
  }, [searching]);
  const scrolled = () => {
    const element = list.current;
    if (!element || element.matches(".chat--searching")) return;
    follows.current = isAtEnd(element);
    if (follows.current && fresh) toEnd();
  };
  return [fresh, scrolled, toEnd, () => void (follows.current = false)];
}

/** @param {HTMLElement} element */
const isAtEnd = ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 40;

/**
 * Goes to a message, also to one that is not loaded yet.
 * @param {{current: HTMLElement | null}} list @param {Props["state"]} state @param {Props["act"]} act @param {() => void} show
 */
function useSeek(list, state, act, show) {
  const [sought, setSought] = useState(0);
  useEffect(() => {
    if (!sought) return;
    const line = /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector(`[data-line="${sought}"]`));
    if (line) {
      setSought(0);
      line.scrollIntoView({ block: "center" });
      line.focus({ preventScroll: true });
      line.classList.add("line--found");
      setTimeout(() => line.classList.remove("line--found"), 2000);
    } else if (!state.earlier) {
      setSought(0);
      act.tell(words.notThere);
    } else if (!state.earlierAsked) act.loadEarlier();
  }, [sought, state.messages, state.earlierAsked]);
  return (/** @type {number} */ id) => {
    show();
    setSought(id);
  };
}

/**
 * One tab stop in the whole list: ↑ and ↓ go from line to line, Tab on into its actions.
 * @param {{current: HTMLElement | null}} list @param {Line[]} all
 * @returns {[string | undefined, (event: KeyboardEvent) => void, (event: FocusEvent) => void]}
 */
function useWalk(list, all) {
  const [chosen, choose] = useState("");
  const stop = all.some(({ id }) => id === chosen) ? chosen : all.at(-1)?.id;
  useLayoutEffect(() => {
    for (const inner of /** @type {NodeListOf<HTMLElement>} */ (list.current?.querySelectorAll("[data-line] :is(a, button):not([role^=menuitem], .menu *)")))
      inner.tabIndex = lineOf(inner)?.dataset["line"] === stop ? 0 : -1;
  });
  const lineOf = (/** @type {EventTarget | null} */ target) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-line]"));
  const walk = (/** @type {KeyboardEvent} */ event) => {
    if (/** @type {Element} */ (event.target).closest("[role=menu], dialog")) return;
    const at = all.findIndex(({ id }) => id === lineOf(event.target)?.dataset["line"]);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = all[Math.min(Math.max(0, to), all.length - 1)];
    /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector(`[data-line="${next?.id}"]`))?.focus();
  };
  const focused = (/** @type {FocusEvent} */ event) => choose(lineOf(event.target)?.dataset["line"] ?? "");
  return [stop, walk, focused];
}
