/** Puts a person before something else: a picture, or what is behind them, blurred. */

import { cover } from "./pictures.js";

const MODEL = 256; // px: the longer side of what the model looks at
const MOST = { width: 1280, height: 720 };

/** @typedef {import("./frames").Frame} Frame */

/** @param {number} width @param {number} height */
function canvas(width = 1, height = 1) {
  const element = Object.assign(document.createElement("canvas"), { width, height });
  return { element, pen: /** @type {CanvasRenderingContext2D} */ (element.getContext("2d", { alpha: true })) };
}

export class Painter {
  constructor() {
    this.out = canvas();
    this.looked = canvas();
    this.soft = canvas();
  }

  /** A small copy for the model. @param {Frame} frame */
  look({ image, width, height }) {
    const scale = MODEL / Math.max(width, height);
    const { element, pen } = sized(this.looked, width * scale, height * scale);
    pen.drawImage(image, 0, 0, element.width, element.height);
    return element;
  }

  /** @param {Frame} frame @param {CanvasImageSource} mask @param {ImageBitmap | null} behind null: blurred */
  paint(frame, mask, behind) {
    const scale = Math.min(1, MOST.width / frame.width, MOST.height / frame.height);
    const { element, pen } = sized(this.out, frame.width * scale, frame.height * scale);
    const { width, height } = element;
    pen.globalCompositeOperation = "copy";
    pen.filter = "blur(2px)"; // the model's edge is coarse
    pen.drawImage(mask, 0, 0, width, height);
    pen.filter = "none";
    pen.globalCompositeOperation = "source-in";
    pen.drawImage(frame.image, 0, 0, width, height);
    pen.globalCompositeOperation = "destination-over";
    if (behind) cover(pen, behind, width, height);
    else pen.drawImage(this.blurred(frame), 0, 0, width, height);
  }

  /** @param {Frame} frame */
  blurred({ image, width, height }) {
    const scale = 80 / Math.max(width, height);
    const { element, pen } = sized(this.soft, width * scale, height * scale);
    pen.filter = "blur(2px)"; // of a picture that is drawn sixteen times as large; without filters it is only coarse
    pen.drawImage(image, 0, 0, element.width, element.height);
    return element;
  }
}

/** @param {ReturnType<typeof canvas>} made @param {number} width @param {number} height */
function sized(made, width, height) {
  const { element } = made;
  if (element.width !== Math.round(width)) element.width = Math.round(width);
  if (element.height !== Math.round(height)) element.height = Math.round(height);
  return made;
}
