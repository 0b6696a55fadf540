import { words as guests } from "../guests/words.js";
import { words } from "../chat/words.js";
import { size } from "../files/words.js";
import { mayWhisper, mayWriteOn, uploadsOf } from "../state/chat.js";
import { text } from "../text.js";
import { clock } from "../ui/times.js";
import { Avatar } from "../ui/avatar.js";
import { Dialog } from "../ui/dialog.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";
import { linked } from "../chat/links.js";
import { Parcel } from "./parcel.js";
import { EmojiRow } from "./react.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {import("../classroom/protocol").ChatMessage} ChatMessage */
/**
 * One line as it is shown, said or not yet.
 * @typedef {object} Line
 * @property {string} id
 * @property {string} name
 * @property {number} hue
 * @property {string | number} at
 * @property {string} text
 * @property {boolean} first by this person, to the same readers, for a while
 * @property {import("../classroom/protocol").Named | null} to
 * @property {import("../classroom/protocol").Quote | null} reply
 * @property {import("../classroom/protocol").Material[]} files
 * @property {ChatMessage} [message]
 * @property {import("../state/types").Unsent} [unsent]
 * @property {string} [saving] what it is to become
 */
/** @typedef {Pick<Props, "state" | "act" | "page"> & {line: Line, goTo: (id: number) => void}} LineProps */

/** @param {LineProps & {stop: boolean}} props */
export function ChatLine({ line, state, act, page, goTo, stop }) {
  const { message, unsent } = line;
  const deleted = message?.deleted;
  return html`
    <article
      class=${["line", line.first && "line--first", line.to && "line--private"].filter(Boolean).join(" ")}
      aria-label=${`${line.name}, ${clock(line.at)}`}
      data-line=${line.id}
      tabindex=${stop ? 0 : -1}
    >
      ${line.first && html`<${Avatar} name=${line.name} hue=${line.hue} />`}
      <div class="line__words">
        ${line.first && html`<${Head} line=${line} own=${line.name === state.you.name && (Boolean(unsent) || message?.participant === state.you.id)} />`}
        ${line.reply && !deleted && html`<${Quoted} reply=${line.reply} goTo=${goTo} />`}
        ${deleted
          ? html`<p class="line__deleted"><${Icon} name="trash-2" />${deleted === "teacher" ? words.deletedByTeacher : words.deletedOwn}</p>`
          : html`<${Words} line=${line} />`}
        ${line.files.length > 0 && html`<${FilesOf} files=${line.files} page=${page} />`}
        ${unsent?.uploads && html`<${Parcel} uploads=${uploadsOf(state, unsent.uploads)} act=${act} />`}
        ${message && message.reactions.length > 0 && html`<${Reactions} message=${message} act=${act} />`}
        ${unsent && html`<${Fate} unsent=${unsent} state=${state} act=${act} />`}
      </div>
      ${message && !deleted && html`<${Tools} message=${message} state=${state} act=${act} />`}
    </article>
  `;
}

/** @param {{line: Line, own: boolean}} props */
const Head = ({ line, own }) => html`
  <p class="line__head">
    <b><bdi>${line.name}</bdi></b>${line.message?.role === "guest" && html` <small class="line__guest">${guests.guest}</small>`}
    ${line.to && html`<span class="line__private"><${Icon} name="lock" /><bdi>${own ? words.toOnly(line.to.name) : words.onlyYou}</bdi></span>`}
    <time>${clock(line.at)}</time>
  </p>
`;

/** @param {{line: Line}} props */
function Words({ line }) {
  const shown = line.saving ?? line.text;
  if (!shown) return null;
  return html`
    <p class=${line.unsent || line.saving ? "line__text line__text--unsent" : "line__text"} dir="auto">
      ${linked(shown)}${line.saving ? html` <small class="line__edited">${words.saving}</small>` : line.message?.edited_at ? html` <small class="line__edited">(${words.edited})</small>` : null}
    </p>
  `;
}

/** @param {{reply: import("../classroom/protocol").Quote, goTo: (id: number) => void}} props */
const Quoted = ({ reply, goTo }) => html`
  <button type="button" class="quote" aria-label=${words.quoteOf(reply.name)} onClick=${() => goTo(reply.id)}>
    <${Icon} name="reply" mirrors />
    <b><bdi>${reply.name}</bdi></b> <span dir="auto">${reply.deleted ? words.deletedOwn : reply.text || words.aFile}</span>
  </button>
`;

/** Pictures are shown, from this site alone; everything else is a name to download. @param {{files: Line["files"], page: Props["page"]}} props */
const FilesOf = ({ files, page }) => html`
  <div class="line__files">
    ${files.map(({ id, name, size: bytes, picture }) => {
      const address = `${page.urls.class}materials/${id}/`;
      return picture
        ? html`<a key=${id} class="line__picture" href=${`${address}picture/`} target="_blank" rel="noopener" aria-label=${words.picture(name)}>
            <img src=${`${address}picture/`} alt="" width=${picture.width} height=${picture.height} loading="lazy" decoding="async" />
            <span class="line__caption"><bdi>${name}</bdi></span>
          </a>`
        : html`<a key=${id} class="line__file" href=${address} download=${name}><${Icon} name="file-down" /><span><bdi>${name}</bdi></span> <small>${size(bytes)}</small></a>`;
    })}
  </div>
`;

/** @param {{message: ChatMessage, act: Props["act"]}} props */
const Reactions = ({ message, act }) => html`
  <div class="reactions">
    ${message.reactions.map(
      ({ emoji, count, names, mine }) => html`
        <button
          key=${emoji}
          type="button"
          class=${mine ? "reactions__one reactions__one--mine" : "reactions__one"}
          aria-pressed=${String(mine)}
          aria-label=${words.reactions(words.emoji[emoji] ?? emoji, count)}
          aria-description=${words.reacted(names, count)}
          data-tip=${words.reacted(names, count)}
          onClick=${() => act.reactTo(message.id, emoji, !mine)}
        >
          <span class="emoji" aria-hidden="true">${emoji}</span> <bdi>${count}</bdi>
        </button>
      `,
    )}
  </div>
`;

/** Seen on the line that has the pointer or the focus; where nothing hovers, always. @param {Pick<Props, "state" | "act"> & {message: ChatMessage}} props */
function Tools({ message, state, act }) {
  const [open, setOpen] = useState(false);
  const [removing, setRemoving] = useState(false);
  const own = message.participant === state.you.id;
  const writes = mayWriteOn(state, message);
  const reply = () => act.write({ reply: message.id, edit: null, to: partner(message, state) });
  const privately = { reply: message.id, edit: null, to: message.participant };
  const rows = [
    writes && { label: words.reply, icon: "reply", act: reply },
    !message.to && mayWhisper(state, message.participant) && { label: words.replyPrivately, icon: "lock", act: () => act.write(privately) },
    message.text && { label: words.copy, icon: "copy", act: () => void navigator.clipboard?.writeText(message.text) },
    writes && own && message.text && { label: words.edit, icon: "pencil", act: () => act.write({ edit: message.id, text: message.text, reply: null }) },
    (own || state.you.role === "teacher") && { label: words.remove, icon: "trash-2", danger: true, act: () => setRemoving(true) },
  ].filter((row) => Boolean(row));
  const mine = message.reactions.filter((each) => each.mine).map(({ emoji }) => String(emoji));
  const chosen = (/** @type {import("../classroom/protocol").Emoji} */ emoji) => {
    setOpen(false);
    act.reactTo(message.id, emoji, !mine.includes(emoji));
  };
  if (!rows.length) return null;
  return html`
    <div class=${open ? "line__tools line__tools--open" : "line__tools"}>
      ${writes && html`<button type="button" class="line__tool line__tool--reply" aria-label=${words.repliesTo(message.name)} onClick=${reply}><${Icon} name="reply" mirrors /></button>`}
      <button type="button" class="line__tool" aria-haspopup="menu" aria-expanded=${String(open)} aria-label=${words.actions(message.name)} onClick=${() => setOpen(!open)}><${Icon} name="ellipsis" /></button>
      ${open && html`<${Menu} label=${words.actions(message.name)} groups=${[{ rows }]} floats onClose=${() => setOpen(false)}>${writes && html`<${EmojiRow} mine=${mine} chosen=${chosen} />`}<//>`}
    </div>
    ${removing && html`<${Remove} message=${message} act=${act} onClose=${() => setRemoving(false)} />`}
  `;
}

/** An answer to something private stays between the two. @param {ChatMessage} message @param {Props["state"]} state */
function partner({ to, participant }, { you, draft }) {
  if (!to) return draft.to !== null && draft.to === participant ? draft.to : null;
  return participant === you.id ? to.id : participant;
}

/** @param {{message: ChatMessage, act: Props["act"], onClose: () => void}} props */
const Remove = ({ message, act, onClose }) => html`
  <${Dialog} title=${words.removeTitle} onClose=${onClose}>
    <p>${words.removeNote}</p>
    <div class="actions actions--end">
      <button type="button" class="button" onClick=${onClose}>${words.keep}</button>
      <button type="button" class="button button--danger" onClick=${() => { onClose(); act.deleteMessage(message.id); }}>${words.remove}</button>
    </div>
  <//>
`;

/** @param {{unsent: import("../state/types").Unsent} & Pick<Props, "state" | "act">} props */
function Fate({ unsent, state, act }) {
  const stands = uploadsOf(state, unsent.uploads ?? []).map((each) => each.state);
  const away = state.socket !== "open" || stands.includes("waiting");
  const giveUp = html`<button type="button" class="as-link" onClick=${() => act.unsay(unsent.key)}>${words.doNotSend}</button>`;
  if (unsent.refusal || stands.includes("failed"))
    return html`<p class="line__fate line__fate--bad">
      ${text.notSent} ${unsent.refusal} <button type="button" class="as-link" onClick=${() => act.sayAgain(unsent.key)}>${text.tryAgain}</button> · ${giveUp}
    </p>`;
  return html`<p class="line__fate">${away ? text.waitsForLine : text.sending} ${unsent.uploads && html`· ${giveUp}`}</p>`;
}
