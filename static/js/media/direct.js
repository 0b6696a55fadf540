/**
 * Two people alone in a class send sound and picture straight to each other, beside their places in the media room:
 * voices go both ways all the time, pictures through the server only while the direct way does not work. So whatever
 * happens to it, no word is lost. Knows no DOM, no words and no WebRTC.
 * @typedef {import("../state/types").State} State
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {import("./call").Call} Call
 * @typedef {import("./call").Sides} Sides
 */

import { isRestricted } from "../state/leading.js";

const QUIET = 10_000; // ms; a class that was larger is two again for a while
const LINGER = 3000; // ms; the server's pictures take a moment
const GIVE_UP = 15_000; // ms
const SLOWEST_RETRY = 300_000; // ms

const world = {
  after: (/** @type {number} */ ms, /** @type {() => void} */ then) => /** @type {any} */ (setTimeout(then, ms)),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
  now: () => Date.now(),
  name: () => crypto.randomUUID(),
};

/**
 * @typedef {object} Page
 * @property {(event: LocalEvent) => void} tell
 * @property {(signal: {to: string, call: string} & import("./negotiation").Signal) => boolean} send whether it left
 * @property {(id: string, peer: string, begins: boolean, sides: Pick<Sides, "send" | "changed">) => Call} makeCall
 */

/** The one other person here, where the two may connect directly. @param {State} state */
export function onlyPeer(state) {
  const others = Object.keys(state.people).filter((id) => id !== state.you.id);
  return state.phase === "inside" && state.directAllowed && !state.recording && !isRestricted(state) && others.length === 1 ? (others[0] ?? null) : null;
}

export class DirectLink {
  /** @param {Page} page @param {Partial<typeof world>} [parts] */
  constructor(page, parts = {}) {
    this.page = page;
    this.world = { ...world, ...parts };
    /** @type {Call | null} */ this.call = null;
    /** @type {string | null} */ this.peer = null;
    this.you = "";
    this.crowded = false;
    /** When the third person left. */
    this.crowdedAt = -Infinity;
    this.tries = 0;
    this.failed = false;
    this.flowed = false;
    /** @type {({to: string, call: string} & import("./negotiation").Signal)[]} */ this.waiting = [];
    /** @type {any} */ this.timer = null;
    /** Calls that are over but whose last pictures are still looked at. @type {Map<Call, any>} */ this.lingering = new Map();
  }

  /** After every change of the state. @param {State} state */
  look(state) {
    const { now } = this.world;
    const crowded = Object.keys(state.people).length > 2;
    if (this.crowded && !crowded) this.crowdedAt = now();
    this.crowded = crowded;
    const peer = onlyPeer(state);
    if (peer === this.peer) return;
    this.you = state.you.id ?? "";
    this.peer = peer;
    this.tries = 0;
    this.failed = false;
    this.end();
    if (peer && this.you < peer) this.plan(Math.max(0, this.crowdedAt + QUIET - now()), () => this.begin());
  }

  begin() {
    if (!this.peer) return;
    this.make(this.world.name(), this.peer, true);
  }

  /** @param {ServerMessage} message */
  heard(message) {
    if (message.type === "resumed") this.back();
    if (message.type !== "signalled" || message.by !== this.peer) return;
    if (message.call !== this.call?.id) {
      if (message.description?.type !== "offer" || this.you < message.by) return;
      this.end();
      this.make(message.call, message.by, false);
    }
    void this.call?.heard(message);
  }

  /** @param {string} id @param {string} peer @param {boolean} begins */
  make(id, peer, begins) {
    /** @type {Call | null} */ let call = null;
    call = this.page.makeCall(id, peer, begins, {
      send: (signal) => this.send({ to: peer, call: id, ...signal }),
      changed: () => call && call === this.call && this.changed(),
    });
    this.call = call;
    this.flowed = false;
    this.plan(GIVE_UP, () => this.giveUp());
    this.tell();
  }

  /** What does not leave waits until the socket is back. @param {{to: string, call: string} & import("./negotiation").Signal} signal */
  send(signal) {
    if (this.waiting.length || !this.page.send(signal)) this.waiting.push(signal);
  }

  /** The socket is back, perhaps over another network. */
  back() {
    const { call } = this;
    const kept = this.waiting.splice(0).filter((signal) => signal.call === call?.id);
    for (const signal of kept) this.send(signal);
    if (!kept.length) call?.restart();
  }

  changed() {
    const flows = Boolean(this.call?.flow.flows);
    if (flows !== this.flowed) this.turned(flows);
    this.tell();
  }

  /** @param {boolean} flows it has begun to, or ceased */
  turned(flows) {
    this.flowed = flows;
    if (!flows) return this.plan(GIVE_UP, () => this.giveUp());
    this.tries = 0;
    this.failed = false;
    this.world.cancel(this.timer);
  }

  /** No way from here to there, for now. */
  giveUp() {
    this.failed = true;
    this.end();
    const pause = Math.min(SLOWEST_RETRY, GIVE_UP * 4 ** this.tries++);
    if (this.peer && this.you < this.peer) this.plan(pause, () => this.begin());
  }

  /** The credentials of the relays are new. @param {RTCConfiguration} ways */
  use(ways) {
    this.call?.use(ways);
  }

  /** Over; what it showed last may be looked at until something else is there. */
  end() {
    this.world.cancel(this.timer);
    const { call } = this;
    this.call = null;
    if (call) {
      call.finish();
      this.lingering.set(call, this.world.after(LINGER, () => this.close(call)));
    }
    this.tell();
  }

  /** @param {Call} call */
  close(call) {
    this.lingering.delete(call);
    call.close();
  }

  /** At once: one has left. */
  leave() {
    this.peer = null;
    this.end();
    for (const [call, timer] of this.lingering) {
      this.world.cancel(timer);
      this.close(call);
    }
  }

  tell() {
    const { call } = this;
    const direct = call
      ? { peer: call.peer, flows: call.flow.flows, relayed: call.relayed, live: call.live, media: Object.fromEntries(call.media) }
      : null;
    this.page.tell({ type: "direct", direct, failed: this.failed });
  }

  /** @param {number} ms @param {() => void} then */
  plan(ms, then) {
    this.world.cancel(this.timer);
    this.timer = this.world.after(ms, then);
  }
}
