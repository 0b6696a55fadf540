import { Players } from "/static/js/player/sync.js";
import { equal, test } from "./check.js";

const LINK = 300_000; // ms that a link lasts

/** An element whose link runs out, or never works, by a clock of its own. */
class Element {
  constructor(clock, works) {
    Object.assign(this, { clock, works, readyState: 0, paused: false, currentTime: 0, duration: 7200, ended: false });
  }
  set src(url) {
    this.until = this.works() ? this.clock.now + LINK : this.clock.now;
  }
  get error() {
    const out = this.clock.now >= this.until;
    this.readyState = out ? 0 : 4;
    return out ? { code: 2 } : null;
  }
  pause() {}
  play() {
    return Promise.resolve();
  }
}

/** Plays for so many minutes, looked at every second; `works`: whether a fresh link does at that minute. */
function watched(minutes, works = () => true) {
  const clock = { now: 0 };
  const track = { id: "a", from: 0, to: 7200, url: "/a", source: "camera" };
  let renewed = 0;
  const page = { changed() {}, renew: () => void ((renewed += 1), players.renewed([{ ...track }])) };
  const players = new Players([track], page);
  players.bind(track, new Element(clock, () => works(clock.now / 60_000)));
  players.plays = true;
  for (; clock.now < minutes * 60_000; clock.now += 1000) players.look();
  return { players, renewed };
}

test("a class of two hours plays on, however often its links run out", () => {
  const { players, renewed } = watched(120);
  equal(players.isLost("a"), false);
  equal(renewed, 23);
});

test("a track that does not load four times in a row is left out", () => {
  const { players, renewed } = watched(120, (minute) => minute < 9);
  equal(players.isLost("a"), true);
  equal(renewed, 5);
});

test("one that loads again in between is tried anew", () => {
  const { players } = watched(60, (minute) => minute < 9 || minute > 10.02);
  equal(players.isLost("a"), false);
});
