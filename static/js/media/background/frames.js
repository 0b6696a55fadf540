/**
 * Pictures of a camera one by one, and a track made of pictures. Where the browser has streams of frames they run on in a
 * tab that is not looked at; elsewhere a video element and a canvas do it.
 * @typedef {{image: CanvasImageSource, width: number, height: number, timestamp: number}} Frame timestamp in µs
 */

const parts = /** @type {any} */ (globalThis);
const HIDDEN_PACE = 66; // ms; a tab that is not looked at is told of no frame

/**
 * Each picture that comes while the one before is done with; the rest are left out.
 * @param {MediaStreamTrack} track @param {HTMLVideoElement} element that plays it
 * @param {(frame: Frame) => Promise<void>} take @returns {() => void} stops
 */
export const frames = (track, element, take) => (parts.MediaStreamTrackProcessor ? streamed(track, take) : played(element, take));

/** @param {MediaStreamTrack} track @param {(frame: Frame) => Promise<void>} take */
function streamed(track, take) {
  const reader = new parts.MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
  let over = false;
  const read = async () => {
    while (!over) {
      const { done, value } = await reader.read();
      if (done) return;
      if (!over) await take({ image: value, width: value.displayWidth, height: value.displayHeight, timestamp: value.timestamp });
      value.close();
    }
  };
  read().catch(() => {}); // the camera went away: another track follows
  return () => {
    over = true;
    reader.cancel().catch(() => {});
  };
}

/** @param {HTMLVideoElement} element @param {(frame: Frame) => Promise<void>} take */
function played(element, take) {
  let over = false;
  const next = async () => {
    if (over) return;
    const { videoWidth: width, videoHeight: height } = element;
    if (width) await take({ image: element, width, height, timestamp: performance.now() * 1000 });
    wait();
  };
  const wait = () => {
    if (over) return;
    if (document.hidden || !element.requestVideoFrameCallback) setTimeout(next, HIDDEN_PACE);
    else soon(element, next);
  };
  wait();
  return () => void (over = true);
}

/** At the next frame, or after a while if the tab is left meanwhile. @param {HTMLVideoElement} element @param {() => void} then */
function soon(element, then) {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    then();
  };
  const timer = setTimeout(once, 5 * HIDDEN_PACE);
  element.requestVideoFrameCallback(once);
}

/** A track that shows what is drawn on `canvas`. @param {HTMLCanvasElement} canvas @returns {{track: MediaStreamTrack, push: (timestamp: number) => void}} */
export function trackOf(canvas) {
  if (!parts.MediaStreamTrackGenerator) {
    const [track] = canvas.captureStream().getVideoTracks();
    return { track: /** @type {MediaStreamTrack} */ (track), push() {} };
  }
  const track = new parts.MediaStreamTrackGenerator({ kind: "video" });
  const writer = track.writable.getWriter();
  const push = (/** @type {number} */ timestamp) => {
    const frame = new VideoFrame(canvas, { timestamp });
    writer.write(frame).catch(() => frame.close()); // the track was stopped
  };
  return { track, push };
}
