import { Growing } from "/static/js/player/growing.js";
import { equal, test } from "./check.js";

function watched(film) {
  const said = { asked: 0, looked: 0 };
  const whole = { now: 0, length: 0, told: { goesOn: true }, renew: () => (said.looked += 1), ...film };
  const growing = new Growing(whole, "/so-far/", "token", async () => void (said.asked += 1));
  return { film: whole, said, run: (from, to) => { for (let at = from; at <= to; at += 0.5) growing.tick(at); } };
}

test("nothing is there yet: it is asked for, and looked for until it comes", () => {
  const { said, run } = watched({});
  run(0, 10);
  equal(said, { asked: 1, looked: 6 });
});

test("far from the end nothing is asked for", () => {
  const { said, run } = watched({ now: 10, length: 600 });
  run(0, 59);
  equal(said, { asked: 0, looked: 3 });
});

test("near the end more is asked for, of a long recording less often", () => {
  const short = watched({ now: 90, length: 100 }), long = watched({ now: 3590, length: 3600 });
  short.run(0, 61);
  long.run(0, 61);
  equal([short.said.asked, long.said.asked], [3, 1]);
});

test("of one that is over nothing is asked any more", () => {
  const { said, run } = watched({ told: { goesOn: false } });
  run(0, 100);
  equal(said, { asked: 0, looked: 0 });
});
