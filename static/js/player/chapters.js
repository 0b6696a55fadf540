import { countdown } from "../ui/times.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { follow } from "./follow.js";
import { Tile } from "./tile.js";
import { momentTitle, words } from "./words.js";

/** @typedef {import("./film").Film} Film @typedef {import("./moments").Moment} Moment */
/** @typedef {import("./change").Change} Change */

const LONGEST = 80;
const ICONS = { begin: "play", screen: "monitor", chapter: "bookmark", poll: "chart-bar", lost: "circle-help", break: "pause" };

/** What the recording is made of; whoever leads the class may change it. @param {{film: Film, change: Change}} props */
export function Chapters({ film, change }) {
  const [edits, setEdits] = useState(/** @type {string | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const current = film.chapter?.key;
  const leads = film.page.leads;
  useEffect(() => follow(list.current), [current]);
  return html`
    <ol ref=${list} class="player__list player__chapters" role="list" tabindex="0" aria-label=${words.chapters}>
      ${!film.moments.length && html`<li class="player__empty">${leads ? words.chaptersEmptyTeacher : words.chaptersEmpty}</li>`}
      ${film.moments.map((moment) => html`
        <li key=${moment.key}>
          ${edits === moment.key
            ? html`<${Edit} film=${film} moment=${moment} change=${change} onClose=${() => setEdits((open) => (open === moment.key ? null : open))} />`
            : html`<${Chapter} film=${film} moment=${moment} current=${moment.key === current} edit=${leads ? () => setEdits(moment.key) : null} />`}
        </li>
      `)}
    </ol>
    ${leads && html`<${Add} film=${film} change=${change} />`}
  `;
}

/** @param {{film: Film, moment: Moment, current: boolean, edit: (() => void) | null}} props */
function Chapter({ film, moment, current, edit }) {
  const title = momentTitle(moment);
  const named = moment.kind === "chapter" || moment.kind === "screen";
  return html`
    <div class=${`player__chapter${current ? " player__chapter--current" : ""}`}>
      <button type="button" class="player__go" aria-current=${current ? "true" : undefined} onClick=${() => film.goTo(moment.at)}>
        ${film.storyboard.ready ? html`<${Tile} film=${film} time=${moment.at} />` : html`<${Icon} name=${ICONS[moment.kind]} />`}
        <span class="player__about">
          <span class="player__title">${film.storyboard.ready && moment.kind !== "begin" && html`<${Icon} name=${ICONS[moment.kind]} />`}<bdi>${title}</bdi></span>
          <time>${countdown(Math.floor(moment.at) * 1000)}</time>
        </span>
      </button>
      ${edit && named && html`<button type="button" class="button button--quiet icon-button" aria-label=${words.rename(title)} onClick=${edit}><${Icon} name="pencil" /></button>`}
    </div>
  `;
}

/** @param {{film: Film, moment: Moment, change: Change, onClose: () => void}} props */
function Edit({ film, moment, change, onClose }) {
  const one = moment.id && `${film.page.urls.chapters}${moment.id}/`;
  const save = (/** @type {string} */ title) =>
    one ? change("POST", one, { title }) : change("POST", film.page.urls.chapters, { title, at: String(moment.since) });
  return html`
    <${TitleForm} label=${words.chapterTitle} title=${moment.title} save=${save} onClose=${onClose}>
      ${one && html`<button type="button" class="button button--danger-quiet button--row" onClick=${async () => (await change("DELETE", one)).ok && onClose()}>${words.remove}</button>`}
    <//>
  `;
}

/** At the moment that is shown when it is opened. @param {{film: Film, change: Change}} props */
function Add({ film, change }) {
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const opener = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const time = countdown(Math.floor(film.now) * 1000);
  const close = () => {
    setAt(null);
    setTimeout(() => opener.current?.focus());
  };
  return html`
    <div class="player__foot">
      ${at === null
        ? html`<button ref=${opener} type="button" class="button button--row" onClick=${() => setAt(film.players.at)}><${Icon} name="bookmark-plus" />${words.addChapter(time)}</button>`
        : html`<${TitleForm} label=${words.chapterTitle} title="" save=${(/** @type {string} */ title) => change("POST", film.page.urls.chapters, { title, at: String(at) })} onClose=${close} />`}
    </div>
  `;
}

/** @param {{label: string, title: string, save: (title: string) => ReturnType<Change>, onClose: () => void, children?: any}} props */
function TitleForm({ label, title, save, onClose, children }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [fault, setFault] = useState("");
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const answer = await save(field.current?.value ?? "");
    if (answer.ok) onClose();
    else setFault(answer.words);
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return html`
    <form class="player__form" onSubmit=${submit} onKeyDown=${keys}>
      <input ref=${field} class="input" aria-label=${label} placeholder=${label} defaultValue=${title} maxlength=${LONGEST} autocomplete="off" aria-invalid=${fault ? "true" : undefined} aria-describedby=${fault ? "chapter-fault" : undefined} />
      ${fault && html`<p class="field__error" id="chapter-fault" role="alert"><${Icon} name="circle-alert" />${fault}</p>`}
      <span class="player__actions">
        <button type="submit" class="button button--row">${words.save}</button>
        <button type="button" class="button button--quiet button--row" onClick=${onClose}>${words.cancel}</button>
        ${children}
      </span>
    </form>
  `;
}
