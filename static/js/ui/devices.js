import { gettext } from "./catalogue.js";

/** @type {Record<import("../state/types").OutputKind, string>} */
export const deviceNames = { mic: gettext("Microphone"), camera: gettext("Camera"), speaker: gettext("Speaker") };
