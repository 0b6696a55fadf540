/** A track of another browser as elements can show it, without LiveKit. Waits to be allowed to play. */
export class Received {
  /** @param {MediaStreamTrack} track */
  constructor(track) {
    this.stream = new MediaStream([track]);
  }

  /** @param {HTMLMediaElement} element */
  attach(element) {
    element.srcObject = this.stream;
    element.play().catch(() => {}); // browsers keep pages silent until a click: see MediaLink.sound
  }

  /** @param {HTMLMediaElement} element */
  detach(element) {
    if (element.srcObject === this.stream) element.srcObject = null;
  }
}
