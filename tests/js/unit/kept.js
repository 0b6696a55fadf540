import { lookForRecording } from "/static/js/recording/kept.js";
import { equal, test } from "./check.js";

const recording = (state, more = {}) => ({ url: "/r/1/", state, deleted_at: null, tracks: [{ state: "ready" }], ...more });

/** What is told where the server answers one after the other; null: it cannot be reached. */
async function told(...answers) {
  const heard = [];
  await lookForRecording("/api/", (kept) => heard.push(kept), async () => {
    const next = answers.shift();
    if (!next) throw new Error("no line");
    return { results: next };
  }, 0);
  return heard;
}

test("a recording is asked for until it can be watched", async () => {
  const heard = await told([recording("on")], [recording("finishing")], [recording("ready")], [recording("later")]);
  equal(heard.map(({ ready }) => ready), [false, false, true]);
});

test("of a class that was not recorded nothing is asked twice", async () => equal(await told([], [recording("ready")]), [null]));

test("a lost line is no answer", async () => equal(await told(null, [recording("ready")]), [{ url: "/r/1/", ready: true }]));

test("what is in the bin, and what holds nothing, is no recording", async () => {
  equal(await told([recording("ready", { deleted_at: "2026-11-25T10:00:00Z" })]), [null]);
  equal(await told([recording("ready", { tracks: [{ state: "empty" }] })]), [null]);
});
