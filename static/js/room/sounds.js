import { html } from "../ui/html.js";
import { Sound } from "../ui/picture.js";

/** Everybody's sound but one's own. @param {{state: import("../state/types").State}} props */
export const Sounds = ({ state }) => html`
  <div hidden>
    ${Object.entries(state.tracks)
      .filter(([id]) => id && id !== state.you.id)
      .flatMap(([id, tracks]) =>
        /** @type {const} */ (["mic", "screen_sound"]).map((kind) => {
          const media = tracks[kind]?.media;
          return media && html`<${Sound} key=${`${id}:${kind}`} media=${media} participant=${id} kind=${kind} />`;
        }),
      )}
  </div>
`;
