/**
 * One direct connection to one other browser: this person's microphone, camera and screen out, theirs in, always in the
 * same four places, so that tracks come and go without a word between the two. Knows no DOM and no words.
 * @typedef {import("../state/types").TrackKind} TrackKind
 * @typedef {import("./negotiation").Signal} Signal
 * @typedef {Partial<Record<TrackKind, MediaStreamTrack>>} Sent
 */
import { still, next } from "./flow.js";
import { Negotiation } from "./negotiation.js";
import { relayed } from "./path.js";
import { Received } from "./received.js";

/** In the order of the description's sections. @type {readonly TrackKind[]} */
const KINDS = ["mic", "camera", "screen", "screen_sound"];
const LOOK = 40; // ms
const LOOK_AT_PATH = 2000; // ms
const LIVE = 600; // ms since something came
const NOTHING_SENT = 2000; // ms after which a connection without sound and pictures is one of silent people
/** As towards the media server. @type {Partial<Record<TrackKind, number>>} bit/s */
const MOST = { mic: 40_000, camera: 1_700_000, screen: 2_500_000 };
const ORIGINAL = 128_000; // bit/s of a microphone that is sent as it is
/** All browsers have them; a description without the rest is half as long. */
const CODECS = ["video/vp8", "video/h264", "video/rtx"];

/**
 * @typedef {object} Sides
 * @property {(signal: Signal) => void} send
 * @property {() => Sent} sent what this person sends just now
 * @property {() => boolean} original whether this person's microphone is sent as it is
 * @property {() => {mic: boolean, camera: boolean}} expected what the other one sends just now
 * @property {() => RTCRtpReceiver | undefined} spare their voice by way of the media server
 * @property {() => void} changed something that is told of this call
 */

export class Call {
  /**
   * @param {string} id @param {string} peer participant @param {boolean} begins the one who begins is not polite
   * @param {RTCConfiguration} ways @param {Sides} sides
   */
  constructor(id, peer, begins, ways, sides) {
    this.id = id;
    this.peer = peer;
    this.sides = sides;
    this.flow = still(performance.now());
    this.lookedAt = performance.now();
    this.pathAt = 0;
    /** Through a relay, as far as is known. */
    this.relayed = false;
    /** When something new was played last, of each place. @type {Map<TrackKind, {mark: number, at: number}>} */ this.played = new Map();
    this.connectedAt = Infinity;
    /** What comes just now. @type {TrackKind[]} */ this.live = [];
    /** @type {Map<TrackKind, Received>} */ this.media = new Map();
    /** @type {Map<TrackKind, RTCRtpTransceiver>} */ this.places = new Map();
    /** The rate that each place was limited to. @type {Map<TrackKind, number>} */ this.limits = new Map();
    this.own = new MediaStream(); // what belongs together is played in step
    this.pc = new RTCPeerConnection({ ...ways, bundlePolicy: "max-bundle" });
    this.negotiation = new Negotiation(this.pc, {
      polite: !begins,
      send: (signal) => sides.send(signal),
      offered: () => this.takePlaces(),
      shape: withStereo,
    });
    this.pc.oniceconnectionstatechange = () => this.pc.iceConnectionState === "failed" && this.pc.restartIce();
    this.timer = setInterval(() => this.look(), LOOK);
    if (begins) this.makePlaces();
  }

  /** Of the one who begins. */
  makePlaces() {
    for (const kind of KINDS) {
      const place = this.pc.addTransceiver(kind === "camera" || kind === "screen" ? "video" : "audio", { streams: [this.own] });
      this.take(kind, place);
    }
    this.sync();
  }

  /** Of the one who is called: as offered. */
  takePlaces() {
    this.pc.getTransceivers().forEach((place, index) => {
      const kind = KINDS[index];
      if (!kind || this.places.get(kind) === place) return;
      place.direction = "sendrecv";
      place.sender.setStreams?.(this.own);
      this.take(kind, place);
    });
    this.sync();
    this.sides.changed(); // sound is to be played before it is judged
  }

  /** @param {TrackKind} kind @param {RTCRtpTransceiver} place */
  take(kind, place) {
    this.places.set(kind, place);
    this.media.set(kind, new Received(place.receiver.track));
    if (place.receiver.track.kind === "video") prefer(place);
  }

  /** Devices change, pause and come back without telling: what is sent follows them. */
  sync() {
    const sent = this.sides.sent();
    for (const [kind, { sender }] of this.places) {
      const track = sent[kind] ?? null;
      const most = kind === "mic" && this.sides.original() ? ORIGINAL : MOST[kind];
      if (sender.track === track && this.limits.get(kind) === most) continue;
      if (most) this.limits.set(kind, most);
      void sender.replaceTrack(track).then(() => limit(sender, most)).catch(() => {});
    }
  }

  look() {
    this.sync();
    const at = performance.now();
    for (const [kind, { receiver }] of this.places) this.listen(kind, mark(receiver), at);
    const { flows } = this.flow;
    const { live } = this;
    this.live = [...this.played].filter(([, played]) => at - played.at < LIVE).map(([kind]) => kind);
    this.flow = next(this.flow, this.up(at), this.marks(), at, this.lookedAt);
    this.lookedAt = at;
    if (flows !== this.flow.flows || live.join() !== this.live.join()) this.sides.changed();
    if (this.flow.flows && at - this.pathAt > LOOK_AT_PATH) void this.lookAtPath(at);
  }

  /** @param {TrackKind} kind @param {number} mark @param {number} at */
  listen(kind, mark, at) {
    if (mark && this.played.get(kind)?.mark !== mark) this.played.set(kind, { mark, at });
  }

  /** Connected, and something has come or nothing is sent. @param {number} at */
  up(at) {
    const connected = this.pc.connectionState === "connected";
    this.connectedAt = connected ? Math.min(this.connectedAt, at) : Infinity;
    return connected && (this.played.size > 0 || at - this.connectedAt > NOTHING_SENT);
  }

  /** Expected is what the media server tells of, and what comes without it. @returns {import("./flow").Marks} */
  marks() {
    const expected = this.sides.expected();
    const spare = this.sides.spare();
    const of = (/** @type {TrackKind} */ kind) => this.played.get(kind)?.mark ?? 0;
    return {
      sound: expected.mic || this.live.includes("mic") ? of("mic") : null,
      picture: expected.camera || this.live.includes("camera") ? of("camera") : null,
      spare: spare ? mark(spare) : null,
    };
  }

  /** @param {number} at */
  async lookAtPath(at) {
    this.pathAt = at;
    const now = relayed(await this.pc.getStats());
    if (now === this.relayed) return;
    this.relayed = now;
    this.sides.changed();
  }

  /** New servers and credentials, for the next way that is looked for. @param {RTCConfiguration} ways */
  use(ways) {
    if (this.pc.signalingState !== "closed") this.pc.setConfiguration({ ...this.pc.getConfiguration(), ...ways });
  }

  /** The network has changed: look for another way, the old one carries on meanwhile if it can. */
  restart() {
    this.pc.restartIce();
  }

  /** @param {{description: import("../classroom/protocol").Description | null, candidates: import("../classroom/protocol").Candidate[]}} signal */
  heard(signal) {
    return this.negotiation.heard(signal);
  }

  /** No more is looked at; what comes can still be seen. */
  finish() {
    clearInterval(this.timer);
  }

  close() {
    this.finish();
    this.pc.close();
  }
}

/** The stamp of what was played last; 0: nothing yet. @param {RTCRtpReceiver | undefined} receiver */
const mark = (receiver) => receiver?.getSynchronizationSources()[0]?.rtpTimestamp ?? 0;

/** @param {RTCRtpTransceiver} place */
function prefer(place) {
  const known = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  place.setCodecPreferences?.(known.filter(({ mimeType }) => CODECS.includes(mimeType.toLowerCase())));
}

/** @param {RTCRtpSender} sender @param {number | undefined} most bit/s */
async function limit(sender, most) {
  const parameters = sender.getParameters();
  if (!most || !parameters.encodings[0] || parameters.encodings[0].maxBitrate === most) return;
  parameters.encodings[0].maxBitrate = most;
  await sender.setParameters(parameters);
}

/**
 * Opus in both channels, wherever a description names it: whether there are two is up to who sends (RFC 7587, 7).
 * @param {string} sdp
 */
export function withStereo(sdp) {
  const opus = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000\/2\r?$/gim)].map(([, type]) => type);
  return opus.reduce((text, type) => text.replace(new RegExp(`^(a=fmtp:${type} (?!.*stereo=)[^\\r\\n]*)`, "gm"), "$1;stereo=1;sprop-stereo=1"), sdp);
}
