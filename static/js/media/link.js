/**
 * One's place in the media room, kept through lost connections and through a media server that died: the classroom
 * socket says at once that it did, and when it is back. Knows no DOM, no words and no WebRTC.
 * @typedef {import("../state/types").DeviceKind} DeviceKind
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {import("../classroom/protocol").Media} Access
 * @typedef {import("./room").MediaRoom} MediaRoom
 * @typedef {import("livekit-client").LocalTrack} LocalTrack
 */

import { serversUdpPort, slowWays } from "./slow.js";

const FIRST_RETRY = 500;
const SLOWEST_RETRY = 15_000;
const SILENT_SERVER = 10_000; // ms; nobody said that it is back: ask
const SETTLED = 8000; // ms after coming back; whoever is not there by then has no track

const world = {
  after: (/** @type {number} */ ms, /** @type {() => void} */ then) => /** @type {any} */ (setTimeout(then, ms)),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
  random: () => Math.random(),
};

/** Browsers take no null. @param {import("../classroom/protocol").IceServer} server @returns {RTCIceServer} */
const asGiven = ({ urls, username, credential }) => ({ urls, ...(username && credential && { username, credential }) });

/**
 * @typedef {object} Page what the link needs of the page
 * @property {(event: LocalEvent) => void} tell
 * @property {() => void} resume ask the classroom socket for a fresh token
 * @property {(listener: import("./room").Listener) => MediaRoom} makeRoom
 * @property {() => {kind: DeviceKind, track: LocalTrack, on: boolean}[]} devices what is to be published, and whether it is on
 */

export class MediaLink {
  /** @param {Page} page @param {Partial<typeof world>} [parts] */
  constructor(page, parts = {}) {
    this.page = page;
    this.world = { ...world, ...parts };
    /** @type {MediaRoom | null} */ this.room = null;
    /** @type {Access | null} */ this.access = null;
    /** @type {RTCIceServer[]} */ this.servers = [];
    /** Without UDP: a person has asked for it. */
    this.slow = false;
    /** The room reads it again whenever it looks for a new way. @type {import("./slow").Ways} */ this.ways = {};
    /** The same for a direct connection. @type {RTCConfiguration} */ this.callWays = {};
    /** @type {string} */ this.you = "";
    /** The shared screen, while there is no room that shows it. @type {LocalTrack[]} */ this.screen = [];
    /** @type {any} */ this.timer = null;
    /** @type {any} */ this.settling = null;
    this.tries = 0;
    /** The classroom server does not see the media server. */
    this.away = false;
  }

  get connected() {
    return Boolean(this.room?.connected);
  }

  /** @param {ServerMessage} message */
  heard(message) {
    if ("media" in message) this.access = message.media;
    if (message.type === "ice_servers") this.use(message);
    if (message.type === "joined" || message.type === "resumed") {
      this.you = message.you;
      this.away = false;
      void this.enter();
    }
    if (message.type === "media_lost") this.serverLost();
    if (message.type === "media_back") this.serverBack(message);
  }

  /** None: the media server may know some. @param {import("../classroom/protocol").IceServers} told */
  use({ servers, call_servers }) {
    this.servers = servers.map(asGiven);
    this.arrange();
    this.callWays = { iceServers: call_servers.map(asGiven) };
  }

  /** The ways that are wanted now, in the object that the room keeps. */
  arrange() {
    const { servers, slow, ways } = this;
    for (const key of /** @type {(keyof import("./slow").Ways)[]} */ (Object.keys(ways))) delete ways[key];
    Object.assign(ways, slow ? slowWays(servers) : servers.length && { iceServers: servers });
  }

  /** Nothing comes: in again by the slow ways, and from there by all of them. */
  tryAnotherWay() {
    this.slow = !this.slow;
    this.arrange();
    this.page.tell({ type: "another_way", slow: this.slow, udpPort: serversUdpPort() });
    this.world.cancel(this.timer);
    this.letGo();
    this.page.resume();
  }

  async enter() {
    this.world.cancel(this.timer);
    if (!this.access || (this.room && !this.room.over)) return; // only the socket was lost: media never stopped
    this.letGo();
    const { tell } = this.page;
    const room = this.page.makeRoom({
      tell,
      adrift: () => this.away && this.wait(),
      lost: () => (this.away ? this.wait() : this.retry()),
      permitted: () => void this.offer(),
    });
    this.room = room;
    await room.connect(this.access, this.ways);
    if (this.room !== room || !room.connected) return;
    tell({ type: "line", participant: this.you, weak: false });
    this.settling = this.world.after(SETTLED, () => tell({ type: "tracks_known", sids: room.sids() }));
    const screen = this.screen.splice(0);
    const published = [this.offer(), this.show(screen)];
    if ((await Promise.all(published)).every(Boolean)) this.tries = 0;
  }

  /**
   * What there is to send; what may not be sent is left out.
   * @returns {Promise<boolean>} whether others get the rest
   */
  async offer() {
    const published = this.page.devices().map((each) => this.publish(each.kind, each.track, each.on));
    return (await Promise.all(published)).every(Boolean);
  }

  /** @param {DeviceKind} kind @param {LocalTrack} track @param {boolean} on @returns {Promise<boolean>} whether others get it */
  async publish(kind, track, on) {
    const { room } = this;
    if (kind === "camera" && !on) return true; // a dark one has no picture to offer; it is published with its first
    try {
      await room?.publish(track, on);
      return true;
    } catch {
      if (room === this.room) this.retry();
      return false;
    }
  }

  /** One's shared screen with its sound, as long as there is one. @returns {Partial<Record<"screen" | "screen_sound", LocalTrack>>} */
  shared() {
    return this.room?.shared() ?? {};
  }

  /** What receives somebody's voice from the media server. @param {string} participant */
  voiceOf(participant) {
    return this.room?.voiceOf(participant);
  }

  /** @param {boolean} on @param {() => Promise<boolean>} granted whether the class lets one @returns {Promise<void>} cancelled, or failed: rejects */
  async share(on, granted) {
    if (this.connected) return this.room?.share(on, granted);
    if (!on) this.stopScreen();
  }

  /** Gone for good: a new connection with a fresh token, later and later. */
  retry() {
    const pause = Math.min(SLOWEST_RETRY, FIRST_RETRY * 2 ** this.tries++) * (0.5 + this.world.random());
    this.plan(pause, () => {
      this.letGo();
      this.page.resume();
    });
  }

  /** For good: the class is over, or one has left it. */
  leave() {
    this.world.cancel(this.timer);
    this.letGo();
    this.access = null;
    this.slow = false;
    this.arrange();
    this.stopScreen();
    this.page.tell({ type: "media", state: "idle" });
  }

  /** What still flows goes on: the classroom server may be the only one that lost sight of it. */
  serverLost() {
    this.away = true;
    if (this.room?.adrift) this.wait();
  }

  /** One that has restarted knows nobody. @param {{restarted: boolean, spread: number}} message */
  serverBack({ restarted, spread }) {
    this.away = false;
    if (restarted || !this.room || this.room.over) this.plan(this.world.random() * spread, () => void this.anew());
  }

  /** The client's own tries would come too early or too late: it waits for word that the server is back. */
  wait() {
    if (!this.room) return;
    this.letGo();
    this.page.tell({ type: "media", state: "lost" });
    this.plan(SILENT_SERVER * (0.8 + this.world.random()), () => this.page.resume());
  }

  anew() {
    this.letGo();
    return this.enter();
  }

  /** Leave the room without a word to the page: its last pictures stay until new ones come. */
  letGo() {
    this.world.cancel(this.settling);
    const { room } = this;
    this.room = null;
    if (room) this.screen.push(...room.release());
  }

  /** @param {LocalTrack[]} screen @returns {Promise<boolean>} */
  async show(screen) {
    const { room } = this;
    const live = screen.filter((track) => track.mediaStreamTrack.readyState === "live" && room?.permits(track.source));
    for (const track of screen) if (!live.includes(track)) track.stop();
    try {
      for (const track of live) await room?.present(track);
    } catch {
      this.screen.push(...live);
      if (room === this.room) this.retry();
      return false;
    }
    if (screen.length && !live.length) this.unshared();
    return true;
  }

  stopScreen() {
    if (!this.screen.length) return;
    for (const track of this.screen.splice(0)) track.stop();
    this.unshared();
  }

  /** No room shows the screen, so none tells the page that it is gone. */
  unshared() {
    this.page.tell({ type: "share", state: "off" });
    this.page.tell({ type: "track_gone", participant: this.you, kind: "screen" });
  }

  /** @param {number} ms @param {() => void} then */
  plan(ms, then) {
    this.world.cancel(this.timer);
    this.timer = this.world.after(ms, then);
  }
}
