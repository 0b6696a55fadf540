/**
 * What a page can find out about its devices and its ways to the media server: figures, no words. Each probe ends by
 * itself, whatever does not answer.
 * @typedef {{whip: string, whep: string, publish: string, watch: string, servers: RTCIceServer[]}} Probes as the server gives them
 * @typedef {{ok: boolean, ms: number | null, cause: string | null}} Reach
 * @typedef {{rtt: number | null, lossUp: number | null, lossDown: number | null, up: number | null, down: number | null}} Line ms, shares 0–1, bit/s
 */

const CONNECT_WITHIN = 6000; // ms
const GATHER_WITHIN = 2000; // ms; one interface that does not answer holds nothing up
const MEASURE_FOR = 6000; // ms
const LISTEN_FOR = 3000; // ms
const ALLOW_WITHIN = 60_000; // ms for a person to answer the browser's question

const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @template T @param {number} ms @param {Promise<T>} promise @returns {Promise<T>} rejects with "timeout" */
const within = (ms, promise) => Promise.race([promise, pause(ms).then(() => Promise.reject(new Error("timeout")))]);

/** @returns {{webrtc: boolean, devices: boolean, codec: boolean}} */
export function browser() {
  const webrtc = typeof RTCPeerConnection === "function";
  const codecs = webrtc ? (RTCRtpReceiver.getCapabilities("video")?.codecs ?? []) : [];
  const codec = codecs.some(({ mimeType }) => mimeType.toLowerCase() === "video/vp8");
  return { webrtc, devices: Boolean(globalThis.navigator.mediaDevices), codec };
}

/** @param {"audio" | "video"} kind @returns {Promise<{track: MediaStreamTrack | null, cause: string | null}>} */
export async function device(kind) {
  if (!globalThis.navigator.mediaDevices) return { track: null, cause: "NotFoundError" };
  const asked = navigator.mediaDevices.getUserMedia({ [kind]: kind === "video" ? { width: 1280, height: 720 } : true });
  try {
    const stream = await within(ALLOW_WITHIN, asked);
    return { track: stream.getTracks()[0] ?? null, cause: null };
  } catch (error) {
    void asked.then((late) => late.getTracks().forEach((track) => track.stop()), () => {});
    const unanswered = error instanceof Error && error.message === "timeout";
    return { track: null, cause: unanswered ? "NotAllowedError" : error instanceof Error ? error.name : "unknown" };
  }
}

/** The loudest of three seconds, 0–1. @param {MediaStreamTrack} track @param {(level: number) => void} heard */
export async function loudness(track, heard) {
  const context = new AudioContext();
  await context.resume();
  const meter = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  let peak = 0;
  for (const until = performance.now() + LISTEN_FOR; performance.now() < until; await pause(50)) {
    meter.getFloatTimeDomainData(samples);
    const level = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    peak = Math.max(peak, level);
    heard(level);
  }
  await context.close();
  return peak;
}

/** Three notes, as a class would sound. */
export async function playNotes() {
  const context = new AudioContext();
  await context.resume();
  [523, 659, 784].forEach((frequency, index) => {
    const note = context.createOscillator();
    const volume = context.createGain();
    const at = context.currentTime + index * 0.25;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.24);
    note.frequency.value = frequency;
    note.connect(volume).connect(context.destination);
    note.start(at);
    note.stop(at + 0.25);
  });
  await pause(1000);
  await context.close();
}

/** Whether the media server answers over HTTPS at all. @param {Probes} probes @returns {Promise<Reach>} */
export async function secure({ whip }) {
  const begun = performance.now();
  try {
    const answer = await within(CONNECT_WITHIN, fetch(whip, { method: "OPTIONS", cache: "no-store" }));
    return { ok: answer.ok, ms: performance.now() - begun, cause: answer.ok ? null : `HTTP ${answer.status}` };
  } catch (error) {
    return { ok: false, ms: null, cause: error instanceof Error ? error.message : "unknown" };
  }
}

/**
 * One connection to the media server, over `over` alone; `relay`: by this relay alone.
 * @param {Probes} probes @param {{over?: "udp" | "tcp", relay?: RTCIceServer}} way @returns {Promise<Reach>}
 */
export async function reach(probes, { over, relay }) {
  const begun = performance.now();
  const link = new Link(relay ? { iceServers: [relay], iceTransportPolicy: "relay" } : {});
  try {
    link.pc.addTransceiver("audio", { direction: "sendonly" });
    await within(CONNECT_WITHIN, link.open(probes.whip, probes.publish, over));
    return { ok: true, ms: performance.now() - begun, cause: null };
  } catch (error) {
    return { ok: false, ms: null, cause: link.refused ?? (error instanceof Error ? error.message : "unknown") };
  } finally {
    await link.close();
  }
}

/** Each address of the relays by itself. @param {RTCIceServer[]} servers @returns {{kind: "relay_udp" | "relay_tcp" | "relay_tls", server: RTCIceServer}[]} */
export function relays(servers) {
  return servers.flatMap(({ urls, ...rest }) =>
    [urls].flat().flatMap((url) => {
      const kind = url.startsWith("turns:") ? "relay_tls" : !url.startsWith("turn:") ? null : url.includes("transport=tcp") ? "relay_tcp" : "relay_udp";
      return kind ? [{ kind: /** @type {"relay_udp"} */ (kind), server: { urls: [url], ...rest } }] : [];
    }),
  );
}

/** A moving picture to the media server and back, for some seconds. @param {Probes} probes @param {RTCConfiguration} ways @returns {Promise<Line>} */
export async function line(probes, ways) {
  const [out, back] = [new Link(ways), new Link(ways)];
  const picture = movingPicture();
  try {
    const place = out.pc.addTransceiver(picture.track, { direction: "sendonly", sendEncodings: [{ maxBitrate: 2_500_000 }] });
    prefer(place);
    await within(CONNECT_WITHIN, out.open(probes.whip, probes.publish));
    back.pc.addTransceiver("video", { direction: "recvonly" });
    await within(CONNECT_WITHIN, back.open(probes.whep, probes.watch));
    await pause(MEASURE_FOR / 2);
    const begun = await figures(out, back);
    await pause(MEASURE_FOR / 2);
    return difference(begun, await figures(out, back));
  } finally {
    picture.stop();
    await Promise.all([out.close(), back.close()]);
  }
}

/** @param {Link} out @param {Link} back */
async function figures(out, back) {
  const sent = [...(await out.pc.getStats()).values()];
  const got = [...(await back.pc.getStats()).values()];
  const find = (/** @type {any[]} */ stats, /** @type {string} */ type) => stats.find((stat) => stat.type === type) ?? {};
  return {
    at: performance.now(),
    rtt: sent.find((stat) => stat.type === "candidate-pair" && stat.nominated)?.currentRoundTripTime ?? null,
    sent: find(sent, "outbound-rtp"),
    told: find(sent, "remote-inbound-rtp"),
    got: find(got, "inbound-rtp"),
  };
}

/** @param {Awaited<ReturnType<typeof figures>>} a @param {Awaited<ReturnType<typeof figures>>} b @returns {Line} */
function difference(a, b) {
  const seconds = (b.at - a.at) / 1000;
  const packets = b.got.packetsReceived - a.got.packetsReceived;
  const lost = b.got.packetsLost - a.got.packetsLost;
  return {
    rtt: b.rtt === null ? null : b.rtt * 1000,
    lossUp: b.told.fractionLost ?? null,
    lossDown: packets > 0 ? Math.max(0, lost) / (packets + Math.max(0, lost)) : null,
    up: b.sent.bytesSent === undefined ? null : ((b.sent.bytesSent - (a.sent.bytesSent ?? 0)) * 8) / seconds,
    down: b.got.bytesReceived === undefined ? null : ((b.got.bytesReceived - (a.got.bytesReceived ?? 0)) * 8) / seconds,
  };
}

/** @param {RTCRtpTransceiver} place */
function prefer(place) {
  const codecs = RTCRtpSender.getCapabilities("video")?.codecs ?? [];
  place.setCodecPreferences?.(codecs.filter(({ mimeType }) => ["video/vp8", "video/rtx"].includes(mimeType.toLowerCase())));
}

/** Noise, which needs all the bits it can get. */
function movingPicture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const timer = setInterval(() => {
    for (let n = 0; n < 400; n++) {
      context.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
      context.fillRect(Math.random() * 640, Math.random() * 360, 40, 24);
    }
  }, 50);
  const [track] = canvas.captureStream(20).getVideoTracks();
  return {
    track: /** @type {MediaStreamTrack} */ (track),
    stop() {
      clearInterval(timer);
      track?.stop();
    },
  };
}

/** One WHIP or WHEP session (RFC 9725). */
class Link {
  /** @param {RTCConfiguration} ways */
  constructor(ways) {
    this.pc = new RTCPeerConnection({ ...ways, bundlePolicy: "max-bundle" });
    /** What a relay said. @type {string | null} */ this.refused = null;
    /** @type {string | null} */ this.address = null;
    this.pc.onicecandidateerror = (event) => (this.refused = `${event.errorCode} ${event.errorText}`.trim());
  }

  /** Until packets may flow. @param {string} url @param {string} token @param {"udp" | "tcp"} [over] */
  async open(url, token, over) {
    const gathered = new Promise((done) => (this.pc.onicegatheringstatechange = () => this.pc.iceGatheringState === "complete" && done(null)));
    await this.pc.setLocalDescription();
    await Promise.race([gathered, pause(GATHER_WITHIN)]);
    const offer = this.pc.localDescription?.sdp ?? "";
    const answer = await fetch(url, { method: "POST", body: offer, headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    this.address = new URL(answer.headers.get("Location") ?? "", url).href;
    await this.pc.setRemoteDescription({ type: "answer", sdp: only(await answer.text(), over) });
    await this.connected();
  }

  connected() {
    return new Promise((done, fail) => {
      const look = () => {
        if (this.pc.connectionState === "connected") done(null);
        if (this.pc.connectionState === "failed") fail(new Error("no packet came back"));
      };
      this.pc.onconnectionstatechange = look;
      look();
    });
  }

  /** The server first: it ends what nobody is behind any more by itself. */
  async close() {
    const { address } = this;
    this.address = null;
    if (address) await fetch(address, { method: "DELETE", keepalive: true }).catch(() => {});
    this.pc.close();
  }
}

/** The answer with candidates of one protocol. @param {string} sdp @param {"udp" | "tcp"} [over] */
export const only = (sdp, over) =>
  over ? sdp.replace(/^a=candidate:\S+ \d+ (\S+) .*\r?\n/gm, (text, protocol) => (protocol.toLowerCase() === over ? text : "")) : sdp;
