/** The player: the page's only wiring. */
import { render } from "preact";
import { tellTimesIn } from "../ui/times.js";
import { html, useEffect, useRef, useState } from "../ui/html.js";
import { drawFrom } from "../ui/icon.js";
import { changes } from "./change.js";
import { Controls } from "./controls.js";
import { offerDownloads } from "./downloads.js";
import { Film } from "./film.js";
import { Growing } from "./growing.js";
import { Keys, onKeys } from "./keys.js";
import { keep, kept } from "./memory.js";
import { Panel } from "./panel.js";
import { Stage } from "./stage.js";
import { Live } from "./live.js";
import { Watching } from "./watching.js";

const root = /** @type {HTMLElement} */ (document.getElementById("player"));
/** @type {import("./film").Page} */
const page = JSON.parse(document.getElementById("player-data")?.textContent ?? "{}");
drawFrom(root.dataset["sprite"] ?? "");
tellTimesIn(page.timeZone);

const PLACE = `at-${page.recording.id}`;
const REMEMBER = 5000; // ms
const NEARLY_OVER = 5; // seconds

const drawn = { again: () => {} };
const film = new Film(page, () => drawn.again());
const change = changes(film);
const growing = new Growing(film, page.urls.soFar, page.csrf);
const watching = new Watching(page.urls.seen, page.csrf);

function Player() {
  const [, redraw] = useState(0);
  const whole = useRef(/** @type {HTMLElement | null} */ (null));
  const fill = () => void (document.fullscreenElement ? document.exitFullscreen() : whole.current?.requestFullscreen());
  useEffect(() => {
    drawn.again = () => {
      watching.tick(film.now, film.players.plays && !film.players.waits);
      growing.tick();
      redraw((count) => count + 1);
    };
    return onKeys(film, fill);
  }, []);
  return html`
    ${film.told.goesOn && html`<${Live} film=${film} />`}
    <div class="player" ref=${whole}>
      <${Stage} film=${film} />
      <${Controls} film=${film} fill=${fill} />
      <${Panel} film=${film} change=${change} />
    </div>
    <${Keys} />
  `;
}

const remember = () => keep(PLACE, String(film.now));

function begin() {
  const asked = new URL(location.href).searchParams.get("t");
  const last = Number(kept(PLACE) ?? 0);
  film.goTo(asked === null ? (last < film.length - NEARLY_OVER ? last : 0) : Number(asked) || 0);
}

const downloads = document.getElementById("downloads");
if (downloads) offerDownloads(downloads);
root.replaceChildren();
render(html`<${Player} />`, root);
begin();
setInterval(() => film.players.plays && remember(), REMEMBER);
addEventListener("pagehide", remember);
addEventListener("pagehide", () => watching.send());
