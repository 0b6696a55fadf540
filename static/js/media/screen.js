/**
 * The class's screen, asked for over the classroom socket: teachers need not, of all others one at a time has it. Knows
 * no DOM and no words.
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {import("../classroom/protocol").ShareScreen} ShareScreen
 */

const PATIENCE = 10_000; // ms
const BACK = /** @type {const} */ ({ type: "share_screen", on: false });

export class Screen {
  /** @param {{send: (message: ShareScreen) => boolean, need: () => boolean}} page `need`: whether it has to be asked for */
  constructor(page) {
    this.page = page;
    /** Whether this person has it. */
    this.has = false;
    /** Whether it was given back, and nobody has answered yet. */
    this.returns = false;
    /** @type {((granted: boolean) => void) | null} */ this.answered = null;
  }

  /** Whether it was granted; a refusal says its reason by itself. @returns {Promise<boolean>} no answer: rejects */
  ask() {
    if (!this.page.need()) return Promise.resolve(true);
    return new Promise((answer, reject) => {
      const failed = (/** @type {string} */ why) => {
        clearTimeout(timer);
        this.answered = null;
        reject(new Error(why));
      };
      const timer = setTimeout(() => failed("no answer"), PATIENCE);
      this.answered = (granted) => {
        clearTimeout(timer);
        this.answered = null;
        answer(granted);
      };
      this.has = this.page.send({ type: "share_screen", on: true });
      if (!this.has) failed("no connection");
    });
  }

  /** Once nothing is shared any more. */
  giveBack() {
    this.returns ||= this.has;
    if (this.has) this.page.send(BACK);
    this.has = false;
  }

  /** @param {ServerMessage} message */
  heard(message) {
    const isBack = message.type === "joined" || message.type === "resumed";
    if (isBack && this.returns && !this.answered) this.page.send(BACK);
    if (message.type === "screen_granted") this.returns = false;
    const granted = message.type === "screen_granted" && message.on;
    const refused = message.type === "refused" && message.re === "share_screen";
    if (refused && this.answered) this.has = false;
    if (granted || refused) this.answered?.(granted);
  }
}
