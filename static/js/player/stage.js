import { html, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { spokenAt } from "./cues.js";
import { isSound } from "./timeline.js";
import { words } from "./words.js";

/** @typedef {import("./film").Film} Film @typedef {import("./timeline").Track} Track */

const GAP = 8; // px, as player.css has it

/** The pictures, one of them large; captions in a place of their own, so that they lie on nothing. @param {{film: Film}} props */
export function Stage({ film }) {
  const { main, others, speaking } = film.seen;
  const stage = useRef(/** @type {HTMLElement | null} */ (null));
  const seats = useSeats(stage);
  const [turned, setTurned] = useState(0);
  const room = others.length > seats ? Math.max(1, seats - 1) : seats;
  const pages = Math.max(1, Math.ceil(others.length / room));
  const first = (turned % pages) * room;
  const beside = others.slice(first, first + room);
  const { waits } = film.players;
  const look = ["player__stage", film.hasSeveral && "player__stage--strip", film.subtitles.language !== null && "player__stage--captions"];
  return html`
    <div ref=${stage} class=${look.filter(Boolean).join(" ")} style=${{ "--seats": String(Math.max(1, beside.length + Number(pages > 1))) }} role="group" aria-label=${words.stage}>
      ${film.told.tracks.map((track) => html`<${Media} key=${track.id} film=${film} track=${track} main=${track === main} seat=${beside.indexOf(track)} speaks=${speaking.has(track.person)} alone=${!others.length} />`)}
      ${(!main || film.gone) && html`<${Nothing} film=${film} />`}
      ${pages > 1 && html`<button type="button" class="player__more" aria-label=${words.morePictures(others.length - beside.length)} style=${{ gridColumn: String(beside.length + 2) }} onClick=${() => setTurned(turned + 1)}>${words.more(others.length - beside.length)}</button>`}
      ${film.subtitles.language !== null && html`<${Subtitle} film=${film} />`}
      ${waits && !film.gone && html`<span class="player__waits"><span class="spinner"></span><span class="visually-hidden">${words.loading}</span></span>`}
    </div>
  `;
}

/** Why there is no picture. @param {{film: Film}} props */
function Nothing({ film }) {
  const icon = film.gone ? "circle-alert" : film.length ? "volume-2" : "hourglass";
  const yet = film.told.goesOn ? words.soFar : words.nothingYet;
  const gone = film.gone === "signed out" ? words.signedOut : words.gone;
  const why = film.gone ? gone : film.length ? words.soundOnly : yet;
  return html`<p class="player__nothing" role=${film.gone && "alert"}><${Icon} name=${icon} />${why}</p>`;
}

/** How many small pictures stand in a row. @param {import("preact").RefObject<HTMLElement>} stage */
function useSeats(stage) {
  const [seats, setSeats] = useState(2);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setSeats(fitting(/** @type {HTMLElement} */ (entry.target), entry.contentRect.width)));
    if (stage.current) watch.observe(stage.current);
    return () => watch.disconnect();
  }, []);
  return seats;
}

/** Two at least: they become narrower. @param {HTMLElement} stage @param {number} width px */
function fitting(stage, width) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const tile = parseFloat(getComputedStyle(stage).getPropertyValue("--tile-wide")) * rem;
  return Math.max(2, Math.floor((width - GAP) / (tile + GAP)));
}

/** @param {{film: Film, track: Track, main: boolean, seat: number, speaks: boolean, alone: boolean}} props */
function Media({ film, track, main, seat, speaks, alone }) {
  // every track has its element from the beginning, so that nothing is loaded anew
  const bind = useRef((/** @type {HTMLMediaElement | null} */ element) => film.players.bind(track, element));
  if (isSound(track)) return html`<audio ref=${bind.current}></audio>`;
  const camera = track.source !== "screen_share";
  const name = camera ? track.name : words.screenOf(track.name);
  const place = main ? "main" : seat < 0 ? "away" : "beside";
  const pinned = film.pinned === track.id;
  const heard = speaks && camera && place !== "away";
  const style = place === "beside" ? { gridColumn: String(seat + 2) } : {};
  return html`
    <figure class=${`player__picture player__picture--${place}${heard && !(alone && main) ? " player__picture--speaks" : ""}`} style=${style} data-track=${track.id}>
      <video ref=${bind.current} muted playsinline onClick=${() => film.turn()}></video>
      <figcaption class=${main && !camera ? "visually-hidden" : "plate"}>${heard && html`<${Bars} />`}<bdi>${name}</bdi></figcaption>
      ${!alone && html`<button type="button" class=${`player__pin${pinned ? " player__pin--on" : ""}`} aria-label=${pinned ? words.unpin(name) : words.pin(name)} onClick=${() => film.pin(track.id)}><span><${Icon} name=${pinned ? "pin-off" : "pin"} /></span></button>`}
    </figure>
  `;
}

const Bars = () => html`<span class="bars"><i></i><i></i><i></i></span>`;

/** What is said now. @param {{film: Film}} props */
function Subtitle({ film }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const said = spokenAt(film.subtitles.cues, film.now);
  useLayoutEffect(() => {
    const lines = said.map(({ cue, voice }) => {
      const line = document.createElement("p");
      if (voice) line.append(`${voice}: `);
      line.append(cue.getCueAsHTML());
      return line;
    });
    place.current?.replaceChildren(...lines);
  }, [film.subtitles.read?.id, said.map(({ from, words: text }) => `${from} ${text}`).join()]);
  return html`
    <div class="player__captions" lang=${film.subtitles.read?.language} dir="auto">
      <div ref=${place} class="player__caption"></div>
      ${film.subtitles.failed && html`<p>${words.captionsFailed}</p>`}
    </div>
  `;
}
