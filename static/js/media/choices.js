/**
 * What this person chose on this device, remembered for the next class: devices, and whether they are on.
 * @typedef {import("../state/types").OutputKind} OutputKind
 * @typedef {{mic: boolean, camera: boolean, devices: Record<OutputKind, string>}} Remembered
 */

const KEY = "aula.devices";
/** @type {Remembered} */
const FIRST_TIME = { mic: true, camera: true, devices: { mic: "", camera: "", speaker: "" } };

/** @param {Pick<Storage, "getItem">} storage @returns {Remembered} */
export function recall(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}");
    const id = (/** @type {OutputKind} */ kind) => (typeof kept.devices?.[kind] === "string" ? kept.devices[kind] : "");
    return {
      mic: kept.mic !== false,
      camera: kept.camera !== false,
      devices: { mic: id("mic"), camera: id("camera"), speaker: id("speaker") },
    };
  } catch {
    return FIRST_TIME; // storage is closed to this page, or holds something else
  }
}

/** @param {Pick<Storage, "setItem">} storage @param {Remembered} choices */
export function remember(storage, choices) {
  try {
    storage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // storage is closed to this page: the choice lasts as long as the page
  }
}
