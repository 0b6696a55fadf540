import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { words } from "./words.js";

/** The class is on while it is watched from its start. @param {{film: import("./film").Film}} props */
export const Live = ({ film }) => html`
  <div class="player__live">
    <p role="status">${film.waitsForMore ? words.waitsForMore : words.goesOn}</p>
    <a class="button button--primary" href=${film.page.urls.live}><${Icon} name="radio" />${words.live}</a>
  </div>
`;
