/**
 * What this person chose about captions on this device, remembered for the next class.
 * @typedef {import("../state/types").CaptionsChosen} CaptionsChosen
 */
import { UNCHOSEN } from "../state/captions.js";

const KEY = "aula.captions";
export const SIZES = /** @type {const} */ (["small", "medium", "large"]);

/** Offered as what one speaks, beside the page's own. */
export const LANGUAGES = ["ar-EG", "cs-CZ", "da-DK", "de-DE", "el-GR", "en-GB", "en-US", "es-ES", "fi-FI", "fr-FR", "he-IL", "hi-IN", "hu-HU", "it-IT", "ja-JP", "ko-KR", "nb-NO", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sv-SE", "tr-TR", "uk-UA", "vi-VN", "zh-CN"];

/** @param {Pick<Storage, "getItem">} storage @returns {CaptionsChosen} */
export function recallCaptions(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}");
    return {
      on: kept.on === true,
      size: SIZES.includes(kept.size) ? kept.size : UNCHOSEN.size,
      agreed: ["here", "away", false].includes(kept.agreed) ? kept.agreed : null,
      language: LANGUAGES.includes(kept.language) ? kept.language : "",
    };
  } catch {
    return UNCHOSEN; // storage is closed to this page, or holds something else
  }
}

/** @param {Pick<Storage, "setItem">} storage @param {CaptionsChosen} chosen */
export function rememberCaptions(storage, { on, size, agreed, language }) {
  try {
    storage.setItem(KEY, JSON.stringify({ on, size, agreed, language }));
  } catch {
    // storage is closed to this page: the choice lasts as long as the page
  }
}

/** The variety that is meant by the page's language alone. @param {string} page @param {readonly string[]} preferred of the browser */
export function spoken(page, preferred) {
  const same = (/** @type {string} */ each) => each.split("-")[0] === page.split("-")[0];
  return LANGUAGES.find((each) => same(each) && preferred.includes(each)) ?? LANGUAGES.find(same) ?? page;
}
