import { leads } from "../state/leading.js";
import { pinnedScreen } from "../state/screens.js";
import { reactionOf } from "../state/chat.js";
import { handPlace, muted, tracksOf, volumeOf } from "../state/views.js";
import { text } from "../text.js";
import { Avatar } from "../ui/avatar.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Picture } from "../ui/picture.js";
import { PersonActions } from "./actions.js";
import { draggedBy } from "./dragging.js";
import { dropFor } from "./drop.js";
import { ScreenActions, viewingGroups } from "./viewing.js";

/** @typedef {import("../state/types").State} State */
/** @typedef {import("../state/layout").Box} Box */

/** @param {Box} box */
export const place = ({ x, y, w, h }) => ({ insetInlineStart: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });

/**
 * One person. The plate says who and whether they are heard; hand and weak line sit in the corners.
 * @param {{state: State, act?: import("../ui/act").Act, person: import("../state/types").Person, box: Box, alone?: boolean, small?: boolean, held?: boolean, live?: ReadonlySet<string>, move?: import("../ui/act").Act["moveOwn"] | null}} props `move`: to another corner
 */
export function Tile({ state, act, person, box, alone, small, held, live, move = null }) {
  const own = person.id === state.you.id;
  const lost = held && !own;
  const { camera } = tracksOf(state, person.id);
  const sent = camera?.media && !camera.muted ? camera.media : null;
  const paused = Boolean(sent && live && !live.has(person.id));
  const shown = paused ? null : sent;
  const silent = muted(state, person.id);
  const speaking = !lost && !silent && state.speaking.includes(person.id);
  const hand = handPlace(state, person.id);
  const hushed = volumeOf(state, person.id) === 0;
  const weak = state.weak.includes(person.id);
  const name = own ? text.nameYou(person.name) : person.name;
  const tiny = box.w < 144;
  const first = act ? viewingGroups(state, act, person.id) : [];
  const pinned = state.pinned === person.id;
  const reaction = reactionOf(state, person.id);
  return html`
    <div
      class=${["tile", speaking && !alone && "tile--speaking", small && "tile--small", tiny && "tile--tiny", lost && "tile--held", move && "tile--moves"].filter(Boolean).join(" ")}
      role="group"
      aria-label=${text.tile({ name, muted: silent, speaking, camera: Boolean(shown), paused, place: hand, weak, hushed })}
      data-participant=${person.id}
      data-kind="camera"
      ...${dropFor(state, person)}
      ...${draggedBy(move)}
      style=${place(box)}
    >
      ${shown
        ? html`<${Picture} media=${shown} mirrored=${own} />`
        : html`<div class="tile__face" style=${{ "--face": `${Math.round(Math.min(box.w * 0.42, box.h * 0.42, 140))}px` }}><${Avatar} name=${person.name} hue=${person.hue} size="large" /></div>`}
      ${hand > 0 && !tiny && html`<span class="tile__hand" aria-hidden="true"><${Icon} name="hand" /><bdi>${hand}</bdi></span>`}
      ${weak && !tiny && html`<span class="tile__weak" aria-hidden="true" title=${text.weakLine}><i></i><i></i><i></i><i></i></span>`}
      ${reaction && html`<span class="tile__reaction emoji" aria-hidden="true" key=${`r${state.reacted}`}>${reaction}</span>`}
      ${pinned && !tiny && html`<span class="tile__pin" aria-hidden="true"><${Icon} name="pin" /></span>`}
      ${act && (own ? first.length : first.length || leads(state))
        ? html`<${PersonActions} person=${person} state=${state} act=${act} first=${first} look="plate plate--button" anchor="tile__actions"><${Plate} ...${{ lost, hushed, speaking, silent, name }} /><${Icon} name="chevron-up" /><//>`
        : html`<span class="plate" aria-hidden="true"><${Plate} ...${{ lost, hushed, speaking, silent, name }} /></span>`}
    </div>
  `;
}

/** @param {{lost?: boolean, hushed: boolean, speaking: boolean, silent: boolean, name: string}} props */
const Plate = ({ lost, hushed, speaking, silent, name }) => html`
  ${lost ? html`<span class="spinner"></span>` : hushed ? html`<${Icon} name="volume-x" />` : speaking ? html`<${Bars} />` : silent ? html`<${Icon} name="mic-off" />` : null}
  <bdi>${name}</bdi>
`;

const Bars = () => html`<span class="bars"><i></i><i></i><i></i></span>`;

/**
 * A shared screen, in a box of its own shape. A large one has nothing lying on it.
 * @param {{state: State, act: import("../ui/act").Act, id: string, box: Box, onShape: (ratio: number) => void, small?: boolean, held?: boolean}} props
 */
export function ScreenTile({ state, act, id, box, onShape, small, held }) {
  const { screen } = tracksOf(state, id);
  const own = id === state.you.id;
  const label = own ? text.yourScreen : text.screenOf(state.people[id]?.name ?? "");
  return html`
    <div class=${held && !own ? "tile tile--screen tile--held" : "tile tile--screen"} role="group" aria-label=${label} data-participant=${id} data-kind="screen" style=${place(box)}>
      ${screen?.media && !screen.muted ? html`<${Picture} media=${screen.media} onShape=${onShape} />` : html`<div class="tile__face"><span class="spinner"></span></div>`}
      ${small && html`<${ScreenActions} id=${id} label=${label} state=${state} act=${act}><${Icon} name=${pinnedScreen(state) === id ? "pin" : "monitor"} /><bdi>${label}</bdi><//>`}
    </div>
  `;
}
