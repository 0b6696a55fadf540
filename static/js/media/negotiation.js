/**
 * Perfect negotiation of one RTCPeerConnection (W3C WebRTC 1.0, 10.7): either side may begin at any time; when both do,
 * the polite one gives way. Candidates trickle, a few in a message.
 * @typedef {import("../classroom/protocol").Description} Description
 * @typedef {import("../classroom/protocol").Candidate} Candidate
 * @typedef {{description?: Description, candidates: Candidate[]}} Signal
 */

const GATHER = 30; // ms; candidates come in bursts
const MOST = 32; // in one message; the server takes no more

export class Negotiation {
  /**
   * @param {RTCPeerConnection} pc
   * @param {{polite: boolean, send: (signal: Signal) => void, offered?: () => void, failed?: (error: unknown) => void, shape?: (sdp: string) => string}} parts
   *   `offered`: an offer was taken, its answer is not made yet; `shape`: a last change to one's own descriptions
   */
  constructor(pc, { polite, send, offered = () => {}, failed = () => {}, shape = (sdp) => sdp }) {
    this.pc = pc;
    this.polite = polite;
    this.send = send;
    this.offered = offered;
    this.failed = failed;
    this.shape = shape;
    this.offering = false;
    this.ignoring = false;
    /** @type {Candidate[]} */ this.found = [];
    /** Signals are handled one after the other. @type {Promise<void>} */ this.turn = Promise.resolve();
    pc.onnegotiationneeded = () => void this.offer();
    pc.onicecandidate = ({ candidate }) => candidate && this.trickle(candidate);
  }

  async offer() {
    this.offering = true;
    try {
      const { type, sdp } = await this.pc.createOffer();
      if (this.pc.signalingState !== "stable") return; // the other's came first: this is asked for again after it
      await this.pc.setLocalDescription({ type, sdp: this.shape(sdp ?? "") });
      this.describe();
    } catch (error) {
      this.failed(error);
    } finally {
      this.offering = false;
    }
  }

  /** @param {{description: Description | null, candidates: Candidate[]}} signal */
  heard(signal) {
    this.turn = this.turn.then(() => this.take(signal)).catch(this.failed);
    return this.turn;
  }

  /** @param {{description: Description | null, candidates: Candidate[]}} signal */
  async take({ description, candidates }) {
    const { pc } = this;
    if (pc.signalingState === "closed") return;
    if (description) {
      const glare = description.type === "offer" && (this.offering || pc.signalingState !== "stable");
      this.ignoring = glare && !this.polite;
      if (this.ignoring) return;
      await pc.setRemoteDescription(description);
      if (description.type === "offer") {
        this.offered();
        const { type, sdp } = await pc.createAnswer();
        await pc.setLocalDescription({ type, sdp: this.shape(sdp ?? "") });
        this.describe();
      }
    }
    for (const each of candidates) await this.add(each);
  }

  /** Those of an offer that is ignored do not fit. @param {Candidate} candidate */
  async add(candidate) {
    try {
      await this.pc.addIceCandidate(candidate);
    } catch (error) {
      if (!this.ignoring) this.failed(error);
    }
  }

  describe() {
    const { localDescription: made } = this.pc;
    if (made) this.send({ description: { type: /** @type {"offer" | "answer"} */ (made.type), sdp: made.sdp }, candidates: [] });
  }

  /** @param {RTCIceCandidate} candidate */
  trickle(candidate) {
    if (!this.found.length) setTimeout(() => this.pour(), GATHER);
    const { candidate: line = "", sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = candidate.toJSON();
    this.found.push({ candidate: line, sdpMid, sdpMLineIndex, usernameFragment });
  }

  pour() {
    while (this.found.length && this.pc.signalingState !== "closed") this.send({ candidates: this.found.splice(0, MOST) });
    this.found = [];
  }
}
