/**
 * Many elements that play as one: each follows the clock of the whole, and the clock waits for those it needs.
 * Knows no DOM beyond media elements, and no words.
 */
import { playing } from "./timeline.js";

/** @typedef {import("./timeline").Track} Track */

const LOOK = 100; // ms
const APART = 0.06; // seconds that nobody notices
const FAR = 0.5; // seconds that no change of speed makes good soon
const NUDGE = 0.06; // of the speed
const TRIES = 4;
const ENOUGH = 3; // HTMLMediaElement.readyState: there is something after this moment

export class Players {
  /**
   * @param {Track[]} tracks
   * @param {{changed: () => void, renew: () => void}} page `renew`: links have run out
   */
  constructor(tracks, page) {
    this.tracks = tracks;
    this.page = page;
    /** @type {Map<string, HTMLMediaElement>} */ this.elements = new Map();
    this.at = 0; // of the class
    this.speed = 1;
    this.volume = 1;
    this.silent = false;
    /** How often a track could not be loaded since it last was; a link that has run out is no failure of its track. @type {Map<string, number>} */ this.failures = new Map();
    this.plays = false;
    this.waits = false;
    this.lookedAt = performance.now();
    setInterval(() => this.look(), LOOK);
  }

  /** The element that shows or sounds a track, as soon as there is one; null takes it away. @param {Track} track @param {HTMLMediaElement | null} element */
  bind(track, element) {
    if (!element) return void this.elements.delete(track.id);
    if (this.elements.get(track.id) === element) return;
    this.failures.delete(track.id);
    this.elements.set(track.id, element);
    element.preload = "auto";
    element.preservesPitch = true;
    element.src = track.url;
  }

  /** Fresh links: elements that failed go on with them, and those of which there is more now. @param {Track[]} tracks */
  renewed(tracks) {
    const before = new Map(this.tracks.map((track) => [track.id, track]));
    this.tracks = tracks;
    for (const track of tracks) {
      const element = this.elements.get(track.id);
      const failed = Boolean(element?.error);
      if (failed) this.failures.set(track.id, (this.failures.get(track.id) ?? 0) + 1);
      if (element && (failed || track.to > (before.get(track.id)?.to ?? track.to))) element.src = track.url;
    }
  }

  /** @param {number} at of the class */
  seek(at) {
    this.at = at;
    this.lookedAt = performance.now();
    for (const track of playing(this.tracks, at)) this.place(track, at - track.from);
    this.look();
  }

  /** @param {Track} track @param {number} time */
  place(track, time) {
    const element = this.elements.get(track.id);
    if (element && Math.abs(element.currentTime - time) > APART) element.currentTime = time;
  }

  look() {
    const now = performance.now();
    const passed = (now - this.lookedAt) / 1000;
    this.lookedAt = now;
    const wanted = playing(this.tracks, this.at);
    for (const { id } of wanted) if (this.loads(id)) this.failures.delete(id);
    if (wanted.some(({ id }) => this.elements.get(id)?.error && !this.isLost(id))) this.page.renew();
    this.waits = this.plays && wanted.some((track) => !this.isReady(track));
    if (this.plays && !this.waits) this.at += passed * this.speed;
    const current = new Set(wanted.map(({ id }) => id));
    for (const [id, element] of this.elements) if (!current.has(id)) element.pause();
    for (const track of wanted) this.follow(track);
    this.page.changed();
  }

  /** @param {string} id */
  loads(id) {
    const element = this.elements.get(id);
    return Boolean(element && !element.error && element.readyState >= ENOUGH);
  }

  /** Tried often enough, one time after the other: the others go on without it. @param {string} id */
  isLost(id) {
    return (this.failures.get(id) ?? 0) >= TRIES;
  }

  /** @param {Track} track */
  isReady(track) {
    const element = this.elements.get(track.id);
    return !element || this.isLost(track.id) || element.ended || element.readyState >= ENOUGH || element.currentTime >= element.duration - 0.1;
  }

  /** @param {Track} track */
  follow(track) {
    const element = this.elements.get(track.id);
    if (!element || element.readyState < 1) return;
    element.volume = this.silent ? 0 : this.volume;
    const target = this.at - track.from;
    const apart = element.currentTime - target;
    if (Math.abs(apart) > FAR) element.currentTime = target;
    element.playbackRate = this.speed * (Math.abs(apart) > APART && Math.abs(apart) <= FAR ? 1 - Math.sign(apart) * NUDGE : 1);
    if (this.plays && !this.waits && element.paused && !element.ended) void element.play().catch(() => {});
    if ((!this.plays || this.waits) && !element.paused) element.pause();
  }
}
