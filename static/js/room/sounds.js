import { volumeOf } from "../state/views.js";
import { html } from "../ui/html.js";
import { Sound } from "../ui/picture.js";

/** @typedef {import("../state/types").State} State */

const KINDS = /** @type {const} */ (["mic", "screen_sound"]);

/** Everybody's sound but one's own. Both ways that a voice takes are kept playing, and one of them is heard. @param {{state: State}} props */
export const Sounds = ({ state }) => html`
  <div hidden>
    ${Object.entries(state.tracks)
      .filter(([id]) => id && id !== state.you.id)
      .flatMap(([id, tracks]) =>
        KINDS.map((kind) => {
          const media = tracks[kind]?.media;
          return media && html`<${Sound} key=${`${id}:${kind}`} media=${media} participant=${id} kind=${kind} muted=${isDirect(state, id, kind)} volume=${volumeOf(state, id)} />`;
        }),
      )}
    ${Object.keys(state.direct?.media ?? {}).length > 0 && html`<${Directly} state=${state} direct=${state.direct} />`}
  </div>
`;

/** @param {{state: State, direct: NonNullable<State["direct"]>}} props */
const Directly = ({ state, direct }) =>
  KINDS.map((kind) => {
    const media = direct.media[kind];
    return (
      media &&
      html`<${Sound} key=${`direct:${kind}`} media=${media} participant=${direct.peer} kind=${kind} muted=${!isDirect(state, direct.peer, kind)} volume=${volumeOf(state, direct.peer)} speaker=${state.chosen.speaker} />`
    );
  });

/** The sound of a screen goes with the screen. @param {State["cut"]} cut @param {string} id @param {"mic" | "screen_sound"} kind */
const isCut = (cut, id, kind) => Boolean(cut[id]?.[kind === "mic" ? "mic" : "screen"]);

/** @param {State} state @param {string} id @param {"mic" | "screen_sound"} kind */
const isDirect = ({ direct, cut }, id, kind) => Boolean(direct?.flows && direct.peer === id && direct.media[kind] && !isCut(cut, id, kind));
