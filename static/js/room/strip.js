import { text } from "../text.js";
import { html } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { useAfter } from "../ui/time.js";

/** What lasts, under the header, until it is over. @param {{state: import("../state/types").State}} props */
export function Strip({ state }) {
  const socket = useAfter(state.socketLostAt, 2000);
  const media = useAfter(state.mediaLostAt, 3000);
  if (!socket && !media) return null;
  const words = socket && media ? text.everythingLost : media ? text.mediaLost : text.reconnecting;
  return html`<div class="room__strip" role="status"><${Icon} name="wifi-off" /><span>${words}</span></div>`;
}
