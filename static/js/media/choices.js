/**
 * What this person chose on this device, remembered for the next class: devices, whether they are on, and what is done
 * to sound and picture.
 * @typedef {import("../state/types").OutputKind} OutputKind
 * @typedef {import("../state/types").EffectsChosen} EffectsChosen
 * @typedef {{mic: boolean, camera: boolean, devices: Record<OutputKind, string>, effects: EffectsChosen}} Remembered
 */

const KEY = "aula.devices";
/** @type {EffectsChosen} */
export const PLAIN = { noise: "standard", original: false, background: "" };
/** @type {Remembered} */
const FIRST_TIME = { mic: true, camera: true, devices: { mic: "", camera: "", speaker: "" }, effects: PLAIN };

/** @param {Pick<Storage, "getItem">} storage @returns {Remembered} */
export function recall(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}");
    const id = (/** @type {OutputKind} */ kind) => (typeof kept.devices?.[kind] === "string" ? kept.devices[kind] : "");
    return {
      mic: kept.mic !== false,
      camera: kept.camera !== false,
      devices: { mic: id("mic"), camera: id("camera"), speaker: id("speaker") },
      effects: effectsOf(kept.effects),
    };
  } catch {
    return FIRST_TIME; // storage is closed to this page, or holds something else
  }
}

/** @param {any} kept @returns {EffectsChosen} */
const effectsOf = (kept) => ({
  noise: ["off", "standard", "strong"].includes(kept?.noise) ? kept.noise : PLAIN.noise,
  original: kept?.original === true,
  background: typeof kept?.background === "string" ? kept.background : PLAIN.background,
});

/** @param {Pick<Storage, "setItem">} storage @param {Remembered} choices */
export function remember(storage, choices) {
  try {
    storage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // storage is closed to this page: the choice lasts as long as the page
  }
}
