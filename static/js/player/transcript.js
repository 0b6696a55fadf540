import { countdown } from "../ui/times.js";
import { html, useEffect, useMemo, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { lastBegun, matching, pieces } from "./cues.js";
import { follow } from "./follow.js";
import { words } from "./words.js";

/** @typedef {import("./film").Film} Film @typedef {import("./subtitles").Said} Said @typedef {import("./change").Change} Change */

/** All that is said, to read, search and go to; whoever leads the class brings the files. @param {{film: Film, change: Change}} props */
export function Transcript({ film, change }) {
  const { cues, read, all } = film.subtitles;
  const [query, setQuery] = useState("");
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const found = useMemo(() => matching(cues, query), [cues, query]);
  const current = cues[lastBegun(cues, film.now)] ?? null;
  useEffect(() => {
    if (!query) follow(list.current);
  }, [current, query]);
  const lines = useMemo(() => found.map((said) => html`<${Sentence} key=${said.from + said.words} film=${film} said=${said} query=${query} current=${said === current} />`), [found, current, query]);
  return html`
    ${read && html`
      <div class="player__search">
        <${Icon} name="search" />
        <input class="input" type="search" aria-label=${words.search} placeholder=${words.search} value=${query} onInput=${(/** @type {Event} */ event) => setQuery(/** @type {HTMLInputElement} */ (event.target).value)} />
        <span class="visually-hidden" role="status">${query ? words.found(found.length) : ""}</span>
      </div>
    `}
    <div ref=${list} class="player__list" tabindex="0" role="group" aria-label=${words.transcript} lang=${read?.language}>
      ${!all.length && html`<p class="player__empty">${words.transcriptEmpty}</p>`}
      ${query && !found.length && html`<p class="player__empty">${words.nothingFound(query)}</p>`}
      ${lines}
    </div>
    ${film.page.leads && html`<${CaptionFiles} film=${film} change=${change} />`}
  `;
}

/** @param {{film: Film, said: Said, query: string, current: boolean}} props */
const Sentence = ({ film, said, query, current }) => html`
  <button type="button" class=${`player__said${current ? " player__said--current" : ""}`} aria-current=${current ? "true" : undefined} onClick=${() => film.goTo(said.from)}>
    <time>${countdown(Math.floor(said.from) * 1000)}</time>
    <span dir="auto">${said.voice && html`<b>${said.voice} </b>`}${pieces(said.words, query).map((piece, index) => (index % 2 ? html`<mark>${piece}</mark>` : piece))}</span>
  </button>
`;

/** @param {{film: Film, change: Change}} props */
function CaptionFiles({ film, change }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const { all } = film.subtitles;
  const [open, setOpen] = useState(!all.length);
  const { languages, urls } = film.page;
  const own = Object.keys(languages).find((code) => navigator.language.startsWith(code)) ?? "en";
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const answer = await change("POST", urls.captions, new FormData(/** @type {HTMLFormElement} */ (form.current)));
    setBusy(false);
    setFault(answer.ok ? "" : answer.words);
    if (answer.ok) form.current?.reset();
  };
  const drop = async (/** @type {import("./film").Captions} */ { id }) => {
    const answer = await change("DELETE", `${urls.captions}${id}/`);
    setFault(answer.ok ? "" : answer.words);
  };
  return html`
    <details class="player__foot" open=${open} onToggle=${(/** @type {Event} */ event) => setOpen(/** @type {HTMLDetailsElement} */ (event.target).open)}>
      <summary>${words.captionFiles(all.length)}</summary>
      <ul role="list" class="player__files">
        ${all.map((each) => html`<li key=${each.id}><bdi lang=${each.language}>${each.name}</bdi><button type="button" class="button button--quiet icon-button" aria-label=${words.removeCaptions(each.name)} onClick=${() => drop(each)}><${Icon} name="trash-2" /></button></li>`)}
      </ul>
      <form ref=${form} class="player__form" onSubmit=${send}>
        <label class="field"><span class="label">${words.captionFile}</span><input class="input" type="file" name="file" accept=".vtt,text/vtt" required aria-describedby=${fault ? "captions-fault" : "captions-hint"} /></label>
        ${fault ? html`<p class="field__error" id="captions-fault" role="alert"><${Icon} name="circle-alert" />${fault}</p>` : html`<p class="field__hint" id="captions-hint">${words.captionHint}</p>`}
        <label class="field"><span class="label">${words.captionLanguage}</span>
          <select class="input" name="language">${Object.entries(languages).map(([code, name]) => html`<option key=${code} value=${code} lang=${code} selected=${code === own}>${name}</option>`)}</select>
        </label>
        <span class="player__actions"><button type="submit" class="button button--row" aria-busy=${busy ? "true" : undefined}><${Icon} name="file-up" />${words.bringCaptions}</button></span>
      </form>
    </details>
  `;
}
