/** Small pictures of a recording, all in one: 160 × 90, ten in a row, one every so many seconds of the viewer's time. */
export const WIDTH = 160;
export const HEIGHT = 90;
const COLUMNS = 10;

export class Storyboard {
  /** @param {{url: string, every: number} | null} told @param {() => void} changed */
  constructor(told, changed) {
    this.every = told?.every ?? 0;
    this.ready = false;
    /** Kept: its link runs out. */ this.image = new Image();
    this.image.onload = () => {
      this.ready = true;
      changed();
    };
    if (told) this.image.src = told.url;
  }

  /** @param {CanvasRenderingContext2D} canvas @param {number} time of the viewer's */
  draw(canvas, time) {
    const rows = Math.max(1, Math.floor(this.image.naturalHeight / HEIGHT));
    const index = Math.min(Math.max(0, Math.floor(time / this.every)), rows * COLUMNS - 1);
    const x = (index % COLUMNS) * WIDTH;
    const y = Math.floor(index / COLUMNS) * HEIGHT;
    canvas.drawImage(this.image, x, y, WIDTH, HEIGHT, 0, 0, WIDTH, HEIGHT);
  }
}
