import { countdown } from "../ui/times.js";
import { linked } from "../chat/links.js";
import { html, useEffect, useMemo, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { viewTime } from "./timeline.js";
import { words } from "./words.js";

/** What had been written by now. @param {{film: import("./film").Film}} props */
export function Chat({ film }) {
  const { chat } = film.told;
  const count = chat.filter(({ at }) => at <= film.players.at).length;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => list.current?.scrollTo({ top: list.current.scrollHeight }), [count]);
  const lines = useMemo(
    () =>
      chat.slice(0, count).map(({ at, name, hue, text, files }) => {
        const time = viewTime(film.stretches, at);
        return html`<p key=${`${at}${text}`} class="player__line-of-chat"><button type="button" class="player__when" onClick=${() => film.goTo(time)}>${countdown(Math.floor(time) * 1000)}</button><span dir="auto"><b class=${`hue-${hue}`}><bdi>${name}</bdi></b> ${linked(text)}${files.map((file) => html` <span class="player__file"><${Icon} name="paperclip" /><bdi>${file}</bdi></span>`)}</span></p>`;
      }),
    [chat, count],
  );
  return html`
    <div ref=${list} class="player__list" tabindex="0" role="log" aria-label=${words.chat}>
      ${!count && html`<p class="player__empty">${chat.length ? words.chatLater : words.chatEmpty}</p>`}
      ${lines}
    </div>
  `;
}
