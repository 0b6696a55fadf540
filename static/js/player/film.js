/**
 * A recording that is being watched: its time, what is seen of it, where its viewer goes. Knows no DOM beyond media
 * elements, and no words.
 * @typedef {import("./timeline").Track} Track
 * @typedef {import("./timeline").Line} Line
 * @typedef {import("./moments").Moment} Moment
 * @typedef {{id: string, language: string, name: string, at: string, url: string}} Captions
 * @typedef {{id: string, startedAt: string, goesOn: boolean, tracks: Track[], chat: Line[], chapters: {id: string, at: number, title: string}[],
 *   lost?: {at: number, count: number}[], captions: Captions[], storyboard: {url: string, every: number} | null}} Told
 * @typedef {{recording: Told, timeZone: string, csrf: string, leads: boolean, languages: Record<string, string>,
 *   urls: {fresh: string, seen: string, chapters: string, captions: string, soFar: string, live: string}}} Page
 */
import { kept, keep } from "./memory.js";
import { chapterAt, chapterBeside, moments } from "./moments.js";
import { Subtitles } from "./subtitles.js";
import { Storyboard } from "./storyboard.js";
import { Players } from "./sync.js";
import { told } from "./told.js";
import { arranged, classTime, hasSeveral, isSound, lengthOf, playing, speakerAt, speaking, stretches, turns, viewTime } from "./timeline.js";

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];
export const STEP = 10; // seconds
const SOON = 2; // seconds
const END = 0.05; // seconds from the end: there is nothing to be seen at the end itself

export class Film {
  /** @param {Page} page @param {() => void} changed */
  constructor(page, changed) {
    this.page = page;
    this.told = page.recording;
    this.changed = changed;
    this.stretches = stretches(this.told.tracks);
    this.length = lengthOf(this.stretches);
    this.turns = turns(this.told.tracks);
    this.hasSeveral = hasSeveral(this.told.tracks);
    /** A track that its viewer wants large. @type {string | null} */ this.pinned = null;
    /** Why no more is to be had. @type {"" | "gone" | "signed out"} */ this.gone = "";
    this.renewing = false;
    /** At the end of one that goes on. */ this.waitsForMore = false;
    this.players = new Players(this.told.tracks, { changed: () => this.looked(), renew: () => void this.renew() });
    this.subtitles = new Subtitles({ changed, renew: () => this.renew() });
    this.storyboard = new Storyboard(this.told.storyboard, changed);
    this.remark();
    this.subtitles.choose(this.told.captions, kept("captions"));
  }

  /** What was changed on the page, or elsewhere. @param {Partial<Told>} more */
  tell(more) {
    this.told = { ...this.told, ...more };
    if (more.tracks) this.grow(more.tracks);
    this.remark();
    if (more.captions) this.subtitles.offer(this.told.captions);
    this.changed();
  }

  /** Of a recording that goes on there may be more. @param {Track[]} tracks */
  grow(tracks) {
    const { now, length } = this;
    this.turns = turns(tracks);
    this.hasSeveral = hasSeveral(tracks);
    this.stretches = stretches(tracks);
    this.length = lengthOf(this.stretches);
    if (this.waitsForMore && this.length > length + END) this.players.plays = true;
    if (this.length > length) this.waitsForMore = false;
    if (!length) this.goTo(now);
  }

  remark() {
    /** @type {Moment[]} */ this.moments = moments(this.told, this.stretches);
  }

  /** Links last some minutes; a page stays open for longer. */
  async renew() {
    if (this.renewing || this.gone) return;
    this.renewing = true;
    const { ok, reached, signedOut, body } = await told(this.page.urls.fresh);
    if (ok) {
      this.players.renewed(body.tracks);
      this.tell(body);
    } else if (reached) this.gone = signedOut ? "signed out" : "gone";
    setTimeout(() => (this.renewing = false), 1000);
    this.changed();
  }

  /** The viewer's time. */
  get now() {
    return viewTime(this.stretches, this.players.at);
  }

  /** @param {number} time of the viewer's */
  goTo(time) {
    this.players.seek(classTime(this.stretches, Math.min(Math.max(0, time), Math.max(0, this.length - END))));
  }

  turn() {
    if (this.now >= this.length - 0.2) this.goTo(0);
    this.players.plays = !this.players.plays;
    this.players.look();
  }

  /** @param {number} by */
  faster(by) {
    const index = SPEEDS.indexOf(this.players.speed) + by;
    this.players.speed = SPEEDS[Math.min(Math.max(0, index), SPEEDS.length - 1)] ?? 1;
    this.players.look();
  }

  mute() {
    this.players.silent = !this.players.silent;
    this.players.look();
  }

  get chapter() {
    return chapterAt(this.moments, this.now);
  }

  /** @param {1 | -1} way */
  step(way) {
    const beside = chapterBeside(this.moments, this.now, way);
    if (beside) this.goTo(beside.at);
    else if (way < 0) this.goTo(0);
  }

  /** What is seen, who is heard. */
  get seen() {
    const now = this.shown();
    const view = arranged(now, { speaker: speakerAt(this.turns, this.players.at), pinned: this.pinned });
    return { ...view, speaking: speaking(now, this.players.at) };
  }

  /** Tracks of this moment; where none is a picture, of a moment later: sound begins before its picture does. */
  shown() {
    const { at } = this.players;
    const now = playing(this.told.tracks, at);
    if (now.some((track) => !isSound(track))) return now;
    return [...now, ...playing(this.told.tracks, at + SOON).filter((track) => !isSound(track))];
  }

  /** @param {string | null} id of a track; pinned already: it is let go */
  pin(id) {
    this.pinned = this.pinned === id ? null : id;
    this.changed();
  }

  /** The next picture; after the last one none. */
  pinNext() {
    const { main, others } = this.seen;
    const ids = [main, ...others].flatMap((track) => (track ? [track.id] : [])).sort();
    const next = this.pinned === null ? ids[0] : ids[ids.indexOf(this.pinned) + 1];
    this.pinned = (ids.length > 1 && next) || null;
    this.changed();
  }

  /** Captions on or off, or in another language. @param {string | null} language */
  caption(language) {
    this.subtitles.show(language);
    keep("captions", language ?? "");
  }

  looked() {
    const { players, stretches: all } = this;
    const at = players.at;
    if (players.plays) {
      if (this.now >= this.length - END) {
        players.plays = false;
        this.waitsForMore = this.told.goesOn;
      }
      else if (!all.some(({ from, to }) => from <= at && at < to)) players.seek((all.find(({ from }) => from > at) ?? { from: at }).from);
    }
    this.changed();
  }
}
