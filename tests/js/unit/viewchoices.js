import { FIRST_VIEW, recallView, rememberView } from "/static/js/room/viewchoices.js";
import { equal, test } from "./check.js";

/** @param {string | null} kept */
const storage = (kept = null) => ({
  getItem: () => kept,
  setItem: (_, now) => (kept = now),
});
const view = { layout: "grid", corner: "top_start", pinned: "p3", page: 2, showAll: true, floats: true, alerts: { hands: false, knock: true, whisper: true, people: false } };

test("what was chosen comes back in the same class", () => {
  const kept = storage();
  rememberView(kept, "s1", view);
  equal(recallView(kept, "s1"), view);
});

test("in another class who was pinned, and the page, are nobody's", () => {
  const kept = storage();
  rememberView(kept, "s1", view);
  equal(recallView(kept, "s2"), { ...view, pinned: null, page: 0 });
});

for (const kept of [null, "not JSON", "null", '{"layout": "spiral", "corner": 3, "page": -1, "pinned": {}, "alerts": {"hands": "no", "nap": false}, "session": "s1"}'])
  test(`of ${kept === null ? "nothing kept" : JSON.stringify(kept)} nothing is believed`, () => equal(recallView(storage(kept), "s1"), FIRST_VIEW));

test("a storage that is closed to the page is none", () => {
  const closed = { getItem() { throw new Error("closed"); }, setItem() { throw new Error("closed"); } };
  rememberView(closed, "s1", view);
  equal(recallView(closed, "s1"), FIRST_VIEW);
});
