import { aloneBy } from "../chat/attaching.js";
import { isMisdirected, isReady, over } from "../chat/composer.js";
import { words } from "../chat/words.js";
import { readers, uploadsOf } from "../state/chat.js";
import { addsFiles, may } from "../state/leading.js";
import { text } from "../text.js";
import { html, useEffect, useLayoutEffect, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { ChooseFiles } from "./drop.js";
import { Parcel } from "./parcel.js";

/** @typedef {import("../ui/act").Props} Props */

/** Where a message is written: to whom is always said. @param {Pick<Props, "state" | "act">} props */
export function Compose({ state, act }) {
  const { draft } = state;
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useLayoutEffect(() => grow(field.current), [draft.text]);
  useEffect(() => focusAtEnd(field.current), [draft.reply, draft.edit, draft.to, draft.attached.length]);
  const extra = over(draft.text);
  const misdirected = isMisdirected(state);
  const send = () => (isReady(state) ? act.send() : field.current?.focus());
  const stop = () => act.write(draft.edit === null ? { reply: null } : { edit: null, text: "" });
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && (draft.edit !== null || draft.reply !== null)) return event.stopPropagation(), stop();
    if (event.key === "ArrowUp" && !draft.text && draft.edit === null) return editLast(event, state, act);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const paste = (/** @type {ClipboardEvent} */ event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || draft.edit !== null || !addsFiles(state)) return;
    event.preventDefault();
    act.attach(files);
  };
  const name = fieldName(state);
  const isPrivate = draft.to !== null && draft.edit === null;
  return html`
    <form class=${isPrivate ? "compose compose--private" : "compose"} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); send(); }}>
      <${Concerns} state=${state} stop=${stop} />
      ${draft.edit === null && html`<${Parcel} uploads=${uploadsOf(state, draft.attached)} act=${act} />`}
      <textarea
        ref=${field}
        class="compose__field"
        id="chat-field"
        rows="1"
        dir="auto"
        aria-label=${name}
        placeholder=${name}
        aria-invalid=${extra > 0 ? "true" : undefined}
        aria-describedby=${extra > 0 ? "chat-over" : misdirected ? "chat-misdirected" : undefined}
        value=${draft.text}
        onInput=${(/** @type {Event} */ event) => act.write({ text: /** @type {HTMLTextAreaElement} */ (event.target).value })}
        onKeyDown=${key}
        onPaste=${paste}
      ></textarea>
      <div class="compose__row">
        ${draft.edit === null && html`<${ToWhom} state=${state} act=${act} />`}
        <span class="compose__buttons">
          ${draft.edit === null && addsFiles(state) && html`<${Paperclip} state=${state} act=${act} />`}
          <button type="submit" class="button button--quiet icon-button compose__send" aria-label=${draft.edit === null ? text.send : words.save} data-tip=${draft.edit === null ? text.send : words.save}>
            <${Icon} name=${draft.edit === null ? "send" : "check"} mirrors=${draft.edit === null} />
          </button>
        </span>
      </div>
      ${extra > 0 && html`<p class="field__error" id="chat-over">${text.tooLong(extra)}</p>`}
      ${misdirected && html`<p class="field__error" id="chat-misdirected" role="alert">${words.filesForAll(aloneBy(state))}</p>`}
    </form>
  `;
}

/** @param {Props["state"]} state */
function fieldName(state) {
  const { draft, people } = state;
  if (draft.edit !== null) return words.editing;
  if (draft.to === null) return words.toEveryone;
  const reader = people[draft.to];
  return isTheTeacher(state, reader) ? words.toTeacher : words.toOnly(reader?.name ?? words.away);
}

/** Whether it is enough to say "the teacher". @param {Props["state"]} state @param {import("../state/types").Person | undefined} person */
function isTheTeacher({ people, you }, person) {
  const teachers = Object.values(people).filter((each) => each.role === "teacher");
  return you.role !== "teacher" && teachers.length === 1 && person?.role === "teacher";
}

/** Who reads it, as a list that opens upwards where the system wants so. @param {Pick<Props, "state" | "act">} props */
function ToWhom({ state, act }) {
  const { draft } = state;
  const all = readers(state);
  const kept = draft.to !== null && !all.some(({ id }) => id === draft.to); // who left, or may not be written to any more
  const name = state.people[draft.to ?? ""]?.name;
  return html`
    <label class="to-whom">
      <${Icon} name=${draft.to === null ? "users" : "lock"} />
      <span class="visually-hidden">${words.toWhom}</span>
      <select class="to-whom__choice" value=${draft.to ?? ""} onChange=${(/** @type {Event} */ event) => act.write({ to: /** @type {HTMLSelectElement} */ (event.target).value || null })}>
        ${may(state, "chat") && html`<option value="" selected=${draft.to === null}>${words.everyone}</option>`}
        ${all.map((person) => html`<option key=${person.id} value=${person.id} selected=${draft.to === person.id}>${isTheTeacher(state, person) ? words.onlyTheTeacher : words.only(person.name)}</option>`)}
        ${kept && html`<option value=${draft.to} selected>${name ? words.only(name) : words.away}</option>`}
      </select>
      <${Icon} name="chevron-down" />
    </label>
  `;
}

/** What it answers or changes, with a way out. @param {{state: Props["state"], stop: () => void}} props */
function Concerns({ state, stop }) {
  const { draft } = state;
  const id = draft.edit ?? draft.reply;
  const message = state.messages.find((each) => each.id === id);
  if (!message) return null;
  const editing = draft.edit !== null;
  return html`
    <div class="concerns">
      <${Icon} name=${editing ? "pencil" : "reply"} mirrors />
      <span class="concerns__words"><b>${editing ? words.editing : words.repliesTo(message.name)}</b> <bdi>${message.text || words.aFile}</bdi></span>
      <button type="button" class="button button--quiet concerns__stop" aria-label=${editing ? words.cancelEdit : words.cancelReply} onClick=${stop}><${Icon} name="x" /></button>
    </div>
  `;
}

/** Files go to everyone: to one person it says so instead. @param {Pick<Props, "state" | "act">} props */
function Paperclip({ state, act }) {
  if (state.draft.to === null) return html`<${ChooseFiles} word=${words.attach} icon="paperclip" look="button button--quiet icon-button" chosen=${act.attach} />`;
  const why = words.filesForAll(aloneBy(state));
  return html`<button type="button" class="button button--quiet icon-button compose__no-files" aria-disabled="true" aria-label=${words.attach} aria-description=${why} data-tip=${why} onClick=${() => act.tell(why)}><${Icon} name="paperclip" /></button>`;
}

/** ↑ in an empty field changes one's own last message. @param {KeyboardEvent} event @param {Props["state"]} state @param {Props["act"]} act */
function editLast(event, { messages, you }, act) {
  const last = messages.findLast((each) => each.participant === you.id && !each.deleted && each.text);
  if (!last) return;
  event.preventDefault();
  act.write({ edit: last.id, text: last.text, reply: null });
}

/** @param {HTMLTextAreaElement | null} area */
function grow(area) {
  area?.style.setProperty("height", "auto");
  area?.style.setProperty("height", `${area.scrollHeight + 2}px`);
}

/** @param {HTMLTextAreaElement | null} area */
function focusAtEnd(area) {
  if (document.activeElement?.matches(".to-whom__choice")) return; // still choosing
  area?.focus({ preventScroll: true });
  area?.setSelectionRange(area.value.length, area.value.length);
}
