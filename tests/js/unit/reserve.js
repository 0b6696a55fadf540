import { Reserve } from "/static/js/media/reserve.js";
import { equal, test } from "./check.js";

const heard = (qualities) => {
  const given = [];
  const reserve = new Reserve(() => [{ setPlayoutDelay: (seconds) => given.push(seconds) }]);
  for (const quality of qualities) reserve.line(quality);
  return given;
};

for (const [what, qualities, given] of [
  ["a good line plays at once", ["excellent", "good", "excellent"], []],
  ["a poor line plays later, told once", ["poor", "poor"], [0.3]],
  ["a line that is merely good again keeps it", ["poor", "good", "poor", "good"], [0.3]],
  ["an excellent line gives it back", ["poor", "good", "excellent"], [0.3, 0]],
  ["a lost line changes nothing", ["poor", "lost"], [0.3]],
])
  test(`reserve: ${what}`, () => equal(heard(qualities), given));

test("reserve: who comes on a poor line plays later too", () => {
  const given = [];
  const reserve = new Reserve(() => []);
  const track = { setPlayoutDelay: (seconds) => given.push(seconds) };
  reserve.give(track);
  reserve.line("poor");
  reserve.give(track);
  equal(given, [0.3]);
});
