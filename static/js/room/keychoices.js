/** Whether the room's keys work, and single letters too: this person's choice on this device. */
import { signal } from "@preact/signals";

const KEY = "aula.keys";

/** Letters are off at first: a stray one would mute somebody (WCAG 2.1.4). @typedef {{on: boolean, letters: boolean}} KeyChoices */

export const keyChoices = signal(recall());

/** @returns {KeyChoices} */
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { on: kept.on !== false, letters: kept.letters === true };
  } catch {
    return { on: true, letters: false }; // storage is closed to this page, or holds something else
  }
}

/** @param {Partial<KeyChoices>} more */
export function chooseKeys(more) {
  keyChoices.value = { ...keyChoices.value, ...more };
  try {
    localStorage.setItem(KEY, JSON.stringify(keyChoices.value));
  } catch {
    // the choice lasts as long as the page
  }
}
