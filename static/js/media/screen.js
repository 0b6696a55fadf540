/**
 * The class's screen, asked for over the classroom socket: teachers need not, of all others one at a time has it. Knows
 * no DOM and no words.
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {import("../classroom/protocol").ShareScreen} ShareScreen
 */

const PATIENCE = 10_000; // ms

export class Screen {
  /** @param {{send: (message: ShareScreen) => boolean, later: (message: ShareScreen) => void, need: () => boolean}} page `need`: whether it has to be asked for */
  constructor(page) {
    this.page = page;
    /** Whether this person has it. */
    this.has = false;
    /** @type {((granted: boolean) => void) | null} */ this.answered = null;
  }

  /** Whether it was granted; a refusal says its reason by itself. @returns {Promise<boolean>} no answer: rejects */
  ask() {
    if (!this.page.need()) return Promise.resolve(true);
    return new Promise((answer, failed) => {
      const timer = setTimeout(() => failed(new Error("no answer")), PATIENCE);
      this.answered = (granted) => {
        clearTimeout(timer);
        this.answered = null;
        answer(granted);
      };
      this.has = this.page.send({ type: "share_screen", on: true });
      if (!this.has) failed(new Error("no connection"));
    });
  }

  /** Once nothing is shared any more. */
  giveBack() {
    if (this.has) this.page.later({ type: "share_screen", on: false });
    this.has = false;
  }

  /** @param {ServerMessage} message */
  heard(message) {
    const granted = message.type === "screen_granted" && message.on;
    const refused = message.type === "refused" && message.re === "share_screen";
    if (refused) this.has = false;
    if (granted || refused) this.answered?.(granted);
  }
}
