import { FilePost } from "/static/js/files/post.js";
import { initial, reduce } from "/static/js/state/state.js";
import { equal, test } from "./check.js";

/** A post whose words to others and to the page are kept; nothing is connected. */
function setUp({ reached = true } = {}) {
  const world = { sent: [], told: [], saved: [] };
  FilePost.prototype.disk = () => ({ sweep: async () => {}, close() {}, create: async () => {}, discard: async () => {}, open: async () => {} });
  world.post = new FilePost({
    tell: (event) => world.told.push(event),
    send: (message) => reached && Boolean(world.sent.push(message)),
    ways: () => ({}),
    nameOf: () => "Ash",
    save: (file, name) => world.saved.push(name),
    script: "",
  });
  world.last = () => world.told.at(-1).transfer;
  world.hears = (message) => world.post.heard(message);
  world.offered = (key = "k1", by = "peer") => world.hears({ type: "files_offered", by, key, files: [{ name: "a.pdf", size: 3, kind: "" }] });
  return world;
}
const FILE = new File(["abc"], "a/b.pdf", { type: "application/pdf" });

test("files are offered under names that every system takes", () => {
  const world = setUp();
  world.post.offer("peer", [FILE]);
  const { type, to, files } = world.sent[0];
  equal([type, to, files], ["offer_files", "peer", [{ name: "a_b.pdf", size: 3, kind: "application/pdf" }]]);
  equal([world.last().state, world.last().out], ["asked", true]);
});

test("an offer that does not leave, is refused, or whose receiver goes, says so", () => {
  const lost = setUp({ reached: false });
  lost.post.offer("peer", [FILE]);
  equal([lost.last().state, lost.last().why], ["failed", "not_reached"]);
  const refused = setUp();
  refused.post.offer("peer", [FILE]);
  refused.hears({ type: "refused", key: refused.last().key, text: "No.", mend: "Ask." });
  equal([refused.last().state, refused.last().words], ["failed", "No. Ask."]);
  const gone = setUp();
  gone.post.offer("peer", [FILE]);
  gone.hears({ type: "participant_left", participant: "peer" });
  equal([gone.last().state, gone.last().why], ["failed", "gone"]);
});

test("only the one it was offered to settles it, and only once", () => {
  const world = setUp();
  world.post.offer("peer", [FILE]);
  const { key } = world.last();
  world.hears({ type: "files_settled", by: "stranger", key, verdict: "refused" });
  equal(world.last().state, "asked");
  world.hears({ type: "files_settled", by: "peer", key, verdict: "refused" });
  world.hears({ type: "files_settled", by: "peer", key, verdict: "accepted" });
  equal([world.last().state, world.last().by], ["refused", "them"]);
});

test("nobody can accept what they offered themselves", () => {
  const world = setUp();
  world.offered();
  world.hears({ type: "files_settled", by: "peer", key: "k1", verdict: "accepted" });
  equal(world.last().state, "asked");
});

test("an answer goes to who asked, and a second one nowhere", () => {
  const world = setUp();
  world.offered();
  world.post.answer("k1", false);
  world.post.answer("k1", true);
  equal(world.sent, [{ type: "settle_files", to: "peer", key: "k1", verdict: "refused" }]);
  equal([world.last().state, world.last().by], ["refused", "you"]);
});

test("a flood of offers is refused unseen", () => {
  const world = setUp();
  for (let n = 0; n < 25; n++) world.offered(`k${n}`);
  equal(world.told.length, 20);
  equal(world.sent.map(({ key, verdict }) => [key, verdict]), [20, 21, 22, 23, 24].map((n) => [`k${n}`, "refused"]));
});

test("leaving cancels what is not over and tells the other side", () => {
  const world = setUp();
  world.post.offer("peer", [FILE]);
  world.offered();
  world.post.leave();
  equal(world.sent.slice(1).map(({ verdict }) => verdict), ["cancelled", "cancelled"]);
  equal(world.told.filter(({ type }) => type === "transfer_gone").length, 2);
});

test("the page is told of an offer and of ends that others make", () => {
  const data = { session: { state: "live", id: "", title: "", course: "", startsAt: "", endsAt: "" }, you: {}, school: {}, urls: {} };
  const transfer = { key: "k", out: false, state: "asked", by: null };
  let state = reduce(initial(data, { devices: {} }), { type: "transfer", transfer }, 0);
  equal([state.transfers.length, state.notice.what.kind], [1, "files"]);
  const { n } = state.notice;
  state = reduce(state, { type: "transfer", transfer: { ...transfer, state: "refused", by: "you" } }, 0);
  equal([state.transfers.length, state.notice.n], [1, n]);
  state = reduce(state, { type: "transfer", transfer: { ...transfer, state: "done" } }, 0);
  equal(state.notice.n > n, true);
  state = reduce({ ...state, panel: "files" }, { type: "transfer", transfer: { ...transfer, state: "cancelled", by: "them" } }, 0);
  equal([state.spoken.what.kind, state.notice.n], ["files", n + 1]);
  equal(reduce(state, { type: "transfer_gone", key: "k" }, 0).transfers, []);
});
