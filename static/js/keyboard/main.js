/** The keys of the classroom and of the player on a page of their own: its only wiring. */
import { render } from "preact";
import { useLetters } from "../player/keys.js";
import { words as player } from "../player/words.js";
import { KeyRow, Keys } from "../room/help.js";
import { SHORTCUTS } from "../room/shortcuts.js";
import { Switch } from "../room/switch.js";
import { html } from "../ui/html.js";
import { words } from "./words.js";

const Classroom = () => html`
  <section class="card" aria-labelledby="in-class">
    <h2 id="in-class">${words.classroom}</h2>
    <p class="quiet keys__note">${words.classroomNote}</p>
    <${Keys} shortcuts=${SHORTCUTS} />
  </section>
`;

function Player() {
  const [letters, turn] = useLetters();
  return html`
    <section class="card" aria-labelledby="in-recording">
      <h2 id="in-recording">${words.player}</h2>
      <div class="keys"><dl>${player.keyList.map(([keys = "", does = ""]) => html`<${KeyRow} key=${does} does=${does} keys=${keys.split(" ")} />`)}</dl></div>
      <div class="switches keys__switches"><${Switch} word=${player.letters} on=${letters} turn=${turn} /></div>
    </section>
  `;
}

render(html`<${Classroom} /><${Player} />`, /** @type {HTMLElement} */ (document.getElementById("keyboard")));
