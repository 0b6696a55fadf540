/** Whether a machine keeps up with changing the background: how long a picture takes, over the last ones. */

export const SLOW = 100; // ms a picture: under ten a second others see a slide show
const FIRST = 15; // pictures: the model is still being made ready
const LOOKED_AT = 30; // pictures

export class Pace {
  /** @param {() => void} slow told once */
  constructor(slow) {
    this.slow = slow;
    this.seen = 0;
    /** @type {number[]} */ this.last = [];
    this.told = false;
  }

  /** @param {number} ms that one picture took */
  took(ms) {
    if (this.told || ++this.seen <= FIRST) return;
    this.last.push(ms);
    if (this.last.length < LOOKED_AT) return;
    const mean = this.last.reduce((sum, each) => sum + each, 0) / this.last.length;
    this.last.shift();
    if (mean <= SLOW) return;
    this.told = true;
    this.slow();
  }
}
