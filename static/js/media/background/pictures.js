/** Pictures for behind a person. */

/** Decoded. @param {Blob | string} from the picture or its address @returns {Promise<ImageBitmap>} */
export async function load(from) {
  const image = new Image();
  image.src = typeof from === "string" ? from : URL.createObjectURL(from);
  try {
    await image.decode();
    return await createImageBitmap(image);
  } finally {
    if (typeof from !== "string") URL.revokeObjectURL(image.src);
  }
}

/** All over, cut where the shapes differ. @param {CanvasRenderingContext2D} pen @param {ImageBitmap} picture @param {number} width @param {number} height */
export function cover(pen, picture, width, height) {
  const scale = Math.max(width / picture.width, height / picture.height);
  const [w, h] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
}
