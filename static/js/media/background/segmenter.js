/**
 * Where in a picture the person is: MediaPipe's model for meetings. Loaded once a page, from this server alone.
 * @typedef {(image: HTMLCanvasElement) => Promise<CanvasImageSource>} Segment the answer is opaque where the person is
 */

/** @type {Promise<Segment> | null} */
let loaded = null;

/** @param {Record<string, string>} files name → address @returns {Promise<Segment>} rejects where this browser cannot */
export function segmenter(files) {
  loaded ??= load(files).catch((error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

/** @param {Record<string, string>} files @returns {Promise<Segment>} */
async function load(files) {
  const software = isDrawnBySoftware();
  const { default: made } = /** @type {any} */ (await import("@mediapipe/selfie_segmentation"));
  const solution = /** @type {import("@mediapipe/selfie_segmentation").SelfieSegmentation} */ (new made.SelfieSegmentation({ locateFile: (/** @type {string} */ name) => files[name] ?? "" }));
  /** @type {CanvasImageSource | null} */ let mask = null;
  solution.onResults(({ segmentationMask }) => void (mask = segmentationMask));
  solution.setOptions(/** @type {any} */ ({ modelSelection: 1, selfieMode: false, useCpuInference: software }));
  await solution.initialize();
  return async (image) => {
    await solution.send({ image });
    if (!mask) throw new Error("no answer from the model");
    return mask;
  };
}

/** Without a graphics chip the model is four times as fast on the processor itself. Throws without WebGL. */
function isDrawnBySoftware() {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) throw new Error("no WebGL");
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(renderer);
}
