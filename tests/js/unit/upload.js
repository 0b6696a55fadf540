import { Uploads } from "/static/js/files/upload.js";
import { equal, ok, test } from "./check.js";

/** Uploads over requests that the test answers. */
function uploading() {
  const world = { requests: [], shown: {}, removed: [], timers: [] };
  const make = () => {
    const request = { upload: {}, headers: {}, open() {}, setRequestHeader: (name, value) => (request.headers[name] = value), send: (form) => (request.name = form.get("file").name), abort: () => (request.aborted = true) };
    world.requests.push(request);
    return request;
  };
  const tell = ({ type, key, more }) => (type === "upload" ? (world.shown[key] = { ...world.shown[key], ...more }) : delete world.shown[key]);
  world.uploads = new Uploads({ tell, address: "/x", csrf: "c", remove: (id) => world.removed.push(id), make, after: (_, then) => world.timers.push(then) });
  world.state = (key) => world.shown[key]?.state;
  return world;
}
const file = (name) => new File([name], name);
const answer = (request, status, body) => (Object.assign(request, { status, responseText: JSON.stringify(body) }), request.onload());
const soon = () => new Promise((done) => setTimeout(done, 20));

test("what is kept for a message leaves when it is started, one after the other", () => {
  const { uploads, requests, state } = uploading();
  const [a, b] = uploads.keep([file("a"), file("b")]);
  equal([requests.length, state(a), state(b)], [0, "chosen", "chosen"]);
  uploads.start([a, b]);
  equal([requests.map(({ name }) => name), state(b)], [["a"], "uploading"]);
  answer(requests[0], 201, { id: "m" });
  equal([requests.map(({ name }) => name), state(a)], [["a", "b"], "done"]);
});

test("what is for the class leaves at once", () => {
  const { uploads, requests, shown } = uploading();
  uploads.add([file("a")]);
  equal(requests.length, 1);
  answer(requests[0], 201, { id: "m" });
  equal(Object.keys(shown), []);
});

test("a lost connection is waited out, and what was stored without an answer is not stored twice", async () => {
  const { uploads, requests, state, timers } = uploading();
  const [a] = uploads.keep([file("a")]);
  uploads.start([a]);
  requests[0].onerror();
  await soon();
  equal([state(a), requests.length, timers.length], ["waiting", 1, 1]);
  uploads.goOn();
  timers[0]();
  equal([requests.length, requests[1].headers["Idempotency-Key"]], [2, requests[0].headers["Idempotency-Key"]]);
  answer(requests[1], 201, { id: "m" });
  equal(state(a), "done");
});

test("a file that cannot be read any more is not tried for ever", async () => {
  const { uploads, requests, shown } = uploading();
  const gone = Object.assign(file("a"), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) });
  const [a] = uploads.keep([gone]);
  uploads.start([a]);
  requests[0].onerror();
  await soon();
  equal([shown[a].state, shown[a].unreadable], ["failed", true]);
});

test("what the server refuses says why, and is tried again when it is started again", () => {
  const { uploads, requests, shown } = uploading();
  const [a] = uploads.keep([file("a")]);
  uploads.start([a]);
  answer(requests[0], 507, { detail: "Full.", mend: "Delete some." });
  equal([shown[a].state, shown[a].words], ["failed", "Full. Delete some."]);
  uploads.start([a]);
  equal([shown[a].state, shown[a].words, requests.length], ["uploading", "", 2]);
});

test("what is cancelled on its way is broken off, and what the server has whole is taken back", () => {
  const { uploads, requests, removed } = uploading();
  const [a, b] = uploads.keep([file("a"), file("b")]);
  uploads.start([a, b]);
  uploads.cancel(a);
  ok(requests[0].aborted, "broken off");
  requests[1].upload.onload();
  uploads.cancel(b);
  ok(!requests[1].aborted, "it may be stored");
  answer(requests[1], 201, { id: "n" });
  equal([removed, uploads.kept.size, uploads.waiting.length], [["n"], 0, 0]);
});
