import { addsFiles, may } from "../state/leading.js";
import { mayGetFiles } from "../state/views.js";
import { takeDrops } from "../files/drops.js";
import { words as chatWords } from "../chat/words.js";
import { words } from "../files/words.js";
import { html, useEffect, useRef } from "../ui/html.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../ui/act").Props} Props */

const CHAT = "chat"; // no participant: their ids are hexadecimal and longer

/** What an element needs to take files for somebody. @param {Props["state"]} state @param {import("../state/types").Person} person */
export const dropFor = (state, person) =>
  mayGetFiles(state, person.id) ? { "data-drop": person.id, "data-drop-word": words.sendTo(person.name) } : {};

/** The same for everybody in the class. @param {Props["state"]} state */
export const dropForClass = (state) => (addsFiles(state) ? { "data-drop": "", "data-drop-word": words.addFile } : {});

/** The same for the message that is being written. @param {Props["state"]} state */
export const dropForChat = (state) =>
  state.panel === "chat" && state.draft.to === null && state.draft.edit === null && may(state, "chat") && addsFiles(state) ? { "data-drop": CHAT, "data-drop-word": chatWords.attach } : {};

/** What is dropped goes to that person or to all. @param {Pick<Props, "act">} props */
export function useDrop({ act }) {
  useEffect(
    () =>
      takeDrops((id, files) => {
        if (id === CHAT) act.attach(files);
        else if (id) act.sendFiles(id, files);
        else act.addMaterials(files);
      }),
    [],
  );
}

/** A button that has files chosen. @param {{word: string, icon?: string, look: string, chosen: (files: File[]) => void}} props */
export function ChooseFiles({ word, icon, look, chosen }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const taken = () => {
    const files = [...(field.current?.files ?? [])];
    if (field.current) field.current.value = "";
    if (files.length) chosen(files);
  };
  return html`
    <button type="button" class=${look} aria-label=${icon ? word : undefined} data-tip=${icon ? word : undefined} onClick=${() => field.current?.click()}>
      ${icon ? html`<${Icon} name=${icon} />` : word}
    </button>
    <input ref=${field} type="file" multiple hidden onChange=${taken} />
  `;
}

/** The same without a mouse. @param {{person: import("../state/types").Person} & Pick<Props, "state" | "act">} props */
export function SendButton({ person, state, act }) {
  if (!mayGetFiles(state, person.id)) return null;
  return html`<${ChooseFiles} word=${words.sendTo(person.name)} icon="paperclip" look="button button--quiet icon-button person-row__send" chosen=${(/** @type {File[]} */ files) => act.sendFiles(person.id, files)} />`;
}
