/**
 * A data channel to one other browser, for one transfer: made anew as often as it is lost. Knows no files.
 * @typedef {import("../media/negotiation").Signal} Signal
 * @typedef {import("../classroom/protocol").Signalled} Signalled
 */
import { Negotiation } from "../media/negotiation.js";

const FIRST_RETRY = 500;
const SLOWEST_RETRY = 10_000;
const STALLED = 15_000; // ms without a sign of the other side

/**
 * @typedef {object} Ends
 * @property {() => RTCConfiguration} ways
 * @property {(signal: Signal & {call: string, purpose: "files"}) => void} send to the other side, if it can be reached just now
 * @property {(channel: RTCDataChannel) => void} opened
 * @property {() => void} lost
 */

export class Line {
  /** @param {string} key of the transfer @param {boolean} begins the sender @param {Ends} ends */
  constructor(key, begins, ends) {
    this.key = key;
    this.begins = begins;
    this.ends = ends;
    this.tries = 0;
    this.pause = FIRST_RETRY;
    this.closed = false;
    /** @type {{pc: RTCPeerConnection, negotiation: Negotiation, call: string} | null} */ this.attempt = null;
    /** @type {any} */ this.timer = null;
  }

  /** Of the sender. */
  begin() {
    if (this.closed) return;
    const { pc } = this.make(`${this.key}-${++this.tries}`);
    this.take(pc.createDataChannel("files"));
    this.watch();
  }

  /** @param {Signalled} message */
  heard(message) {
    if (this.closed || !message.call.startsWith(`${this.key}-`)) return;
    if (!this.begins && message.description?.type === "offer" && message.call !== this.attempt?.call) {
      const { pc } = this.make(message.call);
      pc.ondatachannel = ({ channel }) => this.take(channel);
    }
    if (message.call === this.attempt?.call) void this.attempt.negotiation.heard(message);
  }

  /** Something has come from the other side. */
  alive() {
    this.pause = FIRST_RETRY;
    if (this.begins) this.watch();
  }

  close() {
    this.closed = true;
    this.drop();
  }

  /** @param {string} call */
  make(call) {
    this.drop();
    const pc = new RTCPeerConnection(this.ends.ways());
    const negotiation = new Negotiation(pc, {
      polite: !this.begins,
      send: (signal) => this.ends.send({ call, purpose: "files", ...signal }),
      failed: () => this.lost(pc),
    });
    pc.onconnectionstatechange = () => pc.connectionState === "failed" && this.lost(pc);
    this.attempt = { pc, negotiation, call };
    return this.attempt;
  }

  /** @param {RTCDataChannel} channel */
  take(channel) {
    const { pc } = this.attempt ?? {};
    channel.binaryType = "arraybuffer";
    channel.onopen = () => this.ends.opened(channel);
    channel.onclose = () => pc && this.lost(pc);
  }

  /** @param {RTCPeerConnection} pc */
  lost(pc) {
    if (this.closed || pc !== this.attempt?.pc) return;
    this.drop();
    this.ends.lost();
    if (!this.begins) return;
    this.timer = setTimeout(() => this.begin(), this.pause);
    this.pause = Math.min(SLOWEST_RETRY, this.pause * 2);
  }

  watch() {
    clearTimeout(this.timer);
    const { pc } = this.attempt ?? {};
    this.timer = setTimeout(() => pc && this.lost(pc), STALLED);
  }

  drop() {
    clearTimeout(this.timer);
    const { pc } = this.attempt ?? {};
    this.attempt = null;
    pc?.close();
  }
}
