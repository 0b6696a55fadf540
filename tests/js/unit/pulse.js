import { next, silentSince, total } from "/static/js/media/pulse.js";
import { equal, test } from "./check.js";

const watched = (...looks) => silentSince(looks.reduce((beat, [at, bytes]) => next(beat, bytes, at), null));

for (const [what, looks, since] of [
  ["the first look says nothing", [[0, 10]], null],
  ["packets flow", [[0, 10], [500, 20], [1000, 30], [1500, 40]], null],
  ["a report a second is enough", [[0, 10], [500, 10], [1000, 11], [1500, 11], [2000, 12]], null],
  ["nothing for a second and a half", [[0, 10], [500, 20], [1000, 20], [1500, 20], [2000, 20]], 500],
  ["long silence keeps its beginning", [[0, 10], [3000, 10], [6000, 10], [9000, 10]], 0],
  ["packets flow again", [[0, 10], [1000, 10], [2000, 10], [2500, 11]], null],
  ["a new connection that counts from the start", [[0, 900], [1000, 900], [2000, 5]], null],
  ["everybody muted: nothing should flow", [[0, 10], [1000, 10], [2000, null]], null],
  ["unmuted again: counted anew", [[0, 10], [2000, null], [2500, 10], [3000, 10]], null],
  ["the page slept", [[0, 10], [500, 20], [60_000, 20]], null],
  ["silent still after the page slept", [[0, 10], [60_000, 10], [61_000, 10], [61_500, 10]], 60_000],
])
  test(`silence: ${what}`, () => equal(watched(...looks), since));

const report = (...stats) => new Map(stats.map((stat) => [stat.id, stat]));
const transport = { id: "T", type: "transport", bytesReceived: 100 };
const stream = (id, bytesReceived) => ({ id, type: "inbound-rtp", bytesReceived });

for (const [what, reports, bytes] of [
  ["one connection of two streams counts once", [report(transport, stream("a", 5)), report(transport, stream("b", 6))], 100],
  ["streams where no transport is told", [report(stream("a", 5)), report(stream("b", 6))], 11],
  ["a track that has gone meanwhile", [undefined, report(stream("b", 6))], 6],
])
  test(`bytes: ${what}`, () => equal(total(reports), bytes));
