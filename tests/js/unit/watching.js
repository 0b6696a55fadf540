import { Watching } from "/static/js/player/watching.js";
import { equal, test } from "./check.js";

/** @param {...object} answers what the server says, in turn; null: it is not reached */
function watched(...answers) {
  const said = [];
  const ask = async (url, options) => {
    said.push({ url, ...options, seen: JSON.parse(options.body).seen });
    const answer = answers.length ? answers.shift() : { ok: true, status: 204 };
    if (!answer) throw new TypeError("no network");
    return answer;
  };
  return { watching: new Watching("/seen/", "token", ask), said };
}

/** Play from `from` for so many seconds of the clock, looked at ten times a second. */
function play(watching, from, seconds, { at = 0, speed = 1 } = {}) {
  for (let step = 0; step <= seconds * 10; step += 1) watching.tick(from + (step / 10) * speed, true, at + step * 100);
  watching.tick(from + seconds * speed, false, at + seconds * 1000);
}

const settled = () => new Promise((done) => setTimeout(done));
const seen = (said) => said.map((each) => each.seen);

test("what is played is said every fifteen seconds, each part once", () => {
  const { watching, said } = watched();
  play(watching, 0, 40);
  equal(seen(said), [[[0, 15]], [[15, 30]]]);
  watching.send(40_000);
  watching.send(41_000);
  equal(seen(said).at(-1), [[30, 40]]);
  equal(said.length, 3);
});

test("it is posted with the token, and outlives the page", () => {
  const { watching, said } = watched();
  play(watching, 3, 2);
  watching.send(2000);
  const [{ url, method, headers, keepalive }] = said;
  equal([url, method, headers["X-CSRFToken"], headers["Content-Type"], keepalive], ["/seen/", "POST", "token", "application/json", true]);
});

test("a jump is not watched, forth or back, and neither is a pause", () => {
  const { watching, said } = watched();
  play(watching, 0, 2);
  play(watching, 60, 2, { at: 2100 });
  play(watching, 10, 2, { at: 4200 });
  play(watching, 10, 0, { at: 9000 });
  watching.send(9100);
  equal(seen(said), [[[0, 2], [60, 62], [10, 12]]]);
});

test("a jump while it plays is not watched either", () => {
  const { watching, said } = watched();
  for (const [time, at] of [[0, 0], [0.1, 100], [30.1, 200], [30.2, 300], [5, 400], [5.1, 500]]) watching.tick(time, true, at);
  watching.send(600);
  equal(seen(said), [[[0, 0.1], [30.1, 30.2], [5, 5.1]]]);
});

test("thrice the speed counts in full, and so do the slow ticks of a tab in the background", () => {
  const { watching, said } = watched();
  play(watching, 0, 4, { speed: 3 });
  for (const second of [0, 1, 2]) watching.tick(100 + second * 3, true, 10_000 + second * 1000);
  watching.send(12_500);
  equal(seen(said), [[[0, 12], [100, 106]]]);
});

test("nothing played, nothing said", () => {
  const { watching, said } = watched();
  for (let at = 0; at < 60_000; at += 1000) watching.tick(12, false, at);
  equal(said, []);
});

test("what did not arrive is said the next time", async () => {
  const { watching, said } = watched(null, { ok: false, status: 503 }, { ok: false, status: 429 });
  play(watching, 0, 1);
  for (const at of [1000, 2000, 3000, 4000, 5000]) {
    watching.send(at);
    await settled();
  }
  equal(seen(said), [[[0, 1]], [[0, 1]], [[0, 1]], [[0, 1]]]);
});

test("who may no longer watch is not counted any more", async () => {
  for (const answer of [{ ok: false, status: 404 }, { ok: true, status: 200, redirected: true }]) {
    const { watching, said } = watched(answer);
    play(watching, 0, 1);
    watching.send(1000);
    await settled();
    play(watching, 1, 1, { at: 2000 });
    watching.send(3000);
    equal(said.length, 1);
  }
});
