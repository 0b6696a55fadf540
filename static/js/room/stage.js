import { grid, presented, seatsPerPage, two } from "../state/layout.js";
import { focus, guestsNow, inGrid, layoutNow, paged } from "../state/seats.js";
import { lively } from "../state/carrying.js";
import { mainScreen, pinnedScreen } from "../state/screens.js";
import { screens, seated, silentSince, strip } from "../state/views.js";
import { text } from "../text.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { useAfter } from "../ui/time.js";
import { Captions } from "./captions.js";
import { useGaps, useGuests } from "./seats.js";
import { ScreenTile, Tile, place } from "./tile.js";

const PAGER = 48; // px

/** `tight`: there is little room for anything but the lesson. @typedef {import("./header").Parts & {tight: boolean}} StageParts */
/** @typedef {import("../state/layout").Size} Size */

/** The lesson: a shared screen with faces beside it, or everybody. @param {StageParts} props */
export function Stage({ state, act, form, tight, onShown }) {
  const [stage, size, still] = useSize();
  const held = useAfter(silentSince(state), 1000);
  const shared = screens(state);
  const main = focus(state);
  return html`
    <main class=${["stage", held && "stage--held", still && "stage--still"].filter(Boolean).join(" ")} aria-label=${text.stage} id="stage" tabindex="-1">
      <div class="stage__floor" ref=${stage}>
        ${size.width > 0 &&
        (main || (shared.length && (layoutNow(state) !== "grid" || pinnedScreen(state)))
          ? html`<${Presented} state=${state} act=${act} size=${size} screens=${shared} main=${main} tight=${tight} held=${held} onShown=${onShown} />`
          : html`<${Everybody} state=${state} act=${act} size=${size} held=${held} onShown=${onShown} />`)}
      </div>
      <${Captions} state=${state} short=${tight || form === "low"} />
      ${state.soundBlocked &&
      html`<div class="stage__sound"><button type="button" class="button button--primary button--large" onClick=${act.soundOn}><${Icon} name="volume-2" />${text.soundOn}</button></div>`}
    </main>
  `;
}

/** @param {Pick<StageParts, "state" | "act" | "onShown"> & {size: Size, held: boolean}} props */
function Everybody({ state, act, size, held, onShown }) {
  const shared = screens(state);
  const people = useGaps(inGrid(state));
  const most = Math.max(2, seatsPerPage(size) - shared.length);
  const guests = useGuests(guestsNow(state, people, most));
  const pages = paged(people, most, guests);
  const page = Math.min(state.page, pages.length - 1);
  const seats = pages[page] ?? [];
  const here = present(state, seats);
  useTold(here, onShown);
  const live = lively(state, here);
  if (people.length === 2 && !shared.length) {
    const boxes = two(size, state.corner);
    return people.map((person) => {
      const own = person.id === state.you.id;
      return html`<${Tile} key=${person.id} state=${state} act=${act} person=${person} box=${own ? boxes.own : boxes.other} alone=${!own} small=${own} held=${held} live=${live} move=${own ? act.moveOwn : null} />`;
    });
  }
  const room = pages.length > 1 ? { ...size, height: size.height - PAGER } : size;
  const boxes = grid(seats.length + shared.length, room);
  return html`
    ${shared.map((id, index) => html`<${ScreenTile} key=${`screen:${id}`} state=${state} act=${act} id=${id} box=${boxes[index]} onShape=${() => {}} held=${held} small />`)}
    ${here.map((person) => html`<${Tile} key=${person.id} state=${state} act=${act} person=${person} box=${boxes[placeOf(person, seats) + shared.length]} alone=${people.length === 1} held=${held} live=${live} />`)}
    ${pages.length > 1 && html`<${Pager} page=${page} pages=${pages.length} act=${act} />`}
  `;
}

/** Who is here of those who have a seat, as they are by now. @param {StageParts["state"]} state @param {import("../state/types").Person[]} seats */
const present = ({ people }, seats) => seats.flatMap(({ id }) => people[id] ?? []);

/** @param {import("../state/types").Person} person @param {import("../state/types").Person[]} seats */
const placeOf = ({ id }, seats) => seats.findIndex((each) => each.id === id);

/** Says who has a place. @param {import("../state/types").Person[]} people @param {StageParts["onShown"]} tell */
function useTold(people, tell) {
  const ids = people.map(({ id }) => id);
  useEffect(() => tell(ids), [ids.join()]);
}

/** @param {{page: number, pages: number, act: StageParts["act"]}} props */
const Pager = ({ page, pages, act }) => html`
  <div class="pager" role="group" aria-label=${text.pageOf(page + 1, pages)}>
    <button type="button" class="button button--quiet icon-button" aria-label=${text.earlierPage} aria-disabled=${page === 0 ? "true" : undefined} onClick=${() => page > 0 && act.turnPage(page - 1)}>
      <${Icon} name="chevron-left" mirrors />
    </button>
    <bdi class="figures">${page + 1}/${pages}</bdi>
    <button type="button" class="button button--quiet icon-button" aria-label=${text.laterPage} aria-disabled=${page === pages - 1 ? "true" : undefined} onClick=${() => page < pages - 1 && act.turnPage(page + 1)}>
      <${Icon} name="chevron-right" mirrors />
    </button>
  </div>
`;

/**
 * A screen, or `main`: a person who has the stage; the others beside it.
 * @param {Pick<StageParts, "state" | "act" | "tight" | "onShown"> & {size: Size, screens: string[], main: string | null, held: boolean}} props
 */
function Presented({ state, act, size, screens, main, tight, held, onShown }) {
  const [ratios, setRatios] = useState(/** @type {Record<string, number>} */ ({}));
  const large = main ? state.people[main] : undefined;
  const shown = large ? null : mainScreen(state);
  const others = screens.filter((id) => id !== shown);
  const people = useGaps(seated(state)).filter(({ id }) => id !== main);
  const { screen, tiles, more } = presented(people.length + others.length, (shown && ratios[shown]) || 16 / 9, size, tight);
  const shaped = (/** @type {string} */ id) => (/** @type {number} */ ratio) => ratios[id] !== ratio && setRatios({ ...ratios, [id]: ratio });
  const extra = others.slice(0, tiles.length);
  const seats = strip(state, people, Math.max(0, tiles.length - extra.length));
  const hidden = people.length - seats.length;
  const beside = present(state, seats);
  const here = large ? [large, ...beside] : beside;
  useTold(here, onShown);
  const live = lively(state, here);
  return html`
    ${shown && html`<${ScreenTile} key=${`screen:${shown}`} state=${state} act=${act} id=${shown} box=${screen} onShape=${shaped(shown)} held=${held} />`}
    ${large && html`<${Tile} key=${large.id} state=${state} act=${act} person=${large} box=${screen} held=${held} live=${live} />`}
    ${extra.map((id, index) => html`<${ScreenTile} key=${`screen:${id}`} state=${state} act=${act} id=${id} box=${tiles[index]} onShape=${shaped(id)} held=${held} small />`)}
    ${beside.map((person) => html`<${Tile} key=${person.id} state=${state} act=${act} person=${person} box=${tiles[placeOf(person, seats) + extra.length]} held=${held} live=${live} />`)}
    ${more &&
    hidden > 0 &&
    html`<button type="button" class="tile tile--more" style=${place(more)} aria-label=${text.morePeople(hidden)} onClick=${() => act.openPanel("people")}><bdi>+${hidden}</bdi></button>`}
  `;
}

/** The stage's size, and whether it is just changing. @returns {[import("preact").RefObject<HTMLDivElement>, Size, boolean]} */
function useSize() {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [still, setStill] = useState(true);
  useLayoutEffect(() => {
    const floor = element.current;
    if (!floor) return;
    const measure = () => {
      setStill(true);
      setSize({ width: floor.clientWidth, height: floor.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(floor);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setStill(false), 120);
    return () => clearTimeout(timer);
  }, [size]);
  return [element, size, still];
}
