import { loudness } from "/static/js/media/level.js";
import { recall, remember } from "/static/js/media/choices.js";
import { text } from "/static/js/text.js";
import { initials } from "/static/js/ui/initials.js";
import { clock, countdown, tellTimesIn } from "/static/js/ui/times.js";
import { equal, test } from "./check.js";

for (const [name, letters] of [["Ada Lovelace", "AL"], ["Birch", "BI"], ["  x ", "X"], ["Ünal Öz", "ÜÖ"], ["👩🏽‍🎓 Kim", "👩🏽‍🎓K"], ["Anna Maria Berg", "AB"]])
  test(`the initials of “${name}” are ${letters}`, () => equal(initials(name), letters));

for (const [ms, shown] of [[0, "0:00"], [65_000, "1:05"], [760_000, "12:40"], [3_723_000, "1:02:03"], [-5, "0:00"]])
  test(`${ms} ms are shown as ${shown}`, () => equal(countdown(ms), shown));

for (const [names, here, words] of [
  [[], 0, "Biology · nobody is here yet"],
  [["Ada"], 1, "Biology · Ada is here"],
  [["Ada", "Ben"], 2, "Biology · Ada and Ben are here"],
  [["Ada", "Ben", "Cem"], 3, "Biology · Ada, Ben and 1 other are here"],
  [["Ada", "Ben", "Cem", "Dan", "Eva"], 19, "Biology · Ada, Ben and 17 others are here"],
])
  test(`${here} people here read “${words}”`, () => equal(text.courseAndPeople({ course: "Biology", names, here }), words));

test("ending says how many are inside", () => {
  equal([text.endQuestion(1), text.endQuestion(24)], ["End the class for 1 person?", "End the class for 24 people?"]);
});

test("silence is 0 and a full tone is 1", () => {
  const tone = Float32Array.from({ length: 1024 }, (_, index) => Math.sin(index / 5));
  equal([loudness(new Float32Array(1024)), loudness(tone)], [0, 1]);
});

test("choices are remembered, and broken memory is as good as none", () => {
  const shelf = new Map();
  const storage = { getItem: (key) => shelf.get(key) ?? null, setItem: (key, value) => shelf.set(key, value) };
  const chosen = { mic: false, camera: true, devices: { mic: "m", camera: "c", speaker: "" }, effects: { noise: "strong", original: true, background: "blur" } };
  remember(storage, chosen);
  equal(recall(storage), chosen);
  const fresh = { mic: true, camera: true, devices: { mic: "", camera: "", speaker: "" }, effects: { noise: "standard", original: false, background: "" } };
  for (const broken of ["{", "null", '{"devices":{"mic":7}}']) equal(recall({ getItem: () => broken }), fresh, broken);
});

test("times are told in the viewer's zone", () => {
  const noon = "2026-07-01T12:00:00Z";
  tellTimesIn("Asia/Kathmandu");
  const there = clock(noon);
  tellTimesIn("UTC");
  equal([there, clock(noon)], ["17:45", "12:00"]);
});
