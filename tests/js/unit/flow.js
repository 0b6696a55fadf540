import { next, still } from "/static/js/media/flow.js";
import { equal, test } from "./check.js";

/** What `flows` says every 100 ms while `marks(ms)` come; `connected(ms)`. */
function watch(until, marks, connected = () => true) {
  let flow = still(0);
  const said = [];
  for (let at = 100; at <= until; at += 100) {
    flow = next(flow, connected(at), marks(at), at, at - 100);
    said.push([at, flow.flows]);
  }
  return { first: said.find(([, flows]) => flows)?.[0], at: (ms) => said.find(([at]) => at === ms)[1], said };
}
const both = (at) => ({ sound: at, picture: at, spare: at });
const since = (from, at) => Math.min(from, at);

test("it flows once sound and picture have come steadily for a moment", () => {
  equal(watch(1000, both).first, 300);
  equal(watch(1000, both, (at) => at > 500).first, 800);
});

test("what is expected and has not come yet holds it back; what is not expected does not", () => {
  equal(watch(2000, (at) => ({ ...both(at), picture: 0 })).first, undefined);
  equal(watch(2000, (at) => ({ ...both(at), picture: null })).first, 300);
  equal(watch(2000, () => ({ sound: null, picture: null, spare: null })).first, 300);
});

test("it ends at once when the same voice goes on elsewhere, and after a second of silence everywhere", () => {
  const broken = watch(3000, (at) => ({ ...both(at), sound: since(1000, at) }));
  equal([broken.at(1100), broken.at(1200)], [true, false]);
  for (const spare of [null, 7]) {
    const silent = watch(3000, (at) => ({ ...both(at), sound: since(1000, at), spare }));
    equal([silent.at(1900), silent.at(2000)], [true, false]);
  }
});

test("a pause of the voice itself is none of the line", () => {
  const paused = watch(3000, (at) => ({ ...both(at), sound: at < 1000 || at > 1500 ? at : 1000, spare: at < 1000 || at > 1500 ? at : 1000 }));
  equal(paused.said.filter(([at, flows]) => at >= 400 && !flows), []);
});

test("a picture may stand still for longer", () => {
  const frozen = watch(4000, (at) => ({ ...both(at), picture: since(1000, at) }));
  equal([frozen.at(2400), frozen.at(2500)], [true, false]);
});

test("a camera that is turned on in between has its time to start", () => {
  const turned = watch(6000, (at) => ({ ...both(at), picture: at < 1000 || at > 4000 ? at : at < 3000 ? null : 1 }));
  equal(turned.said.filter(([at, flows]) => at > 400 && !flows), []);
});

test("after a failure it counts again only when it has been steady for three seconds", () => {
  const gap = watch(8000, (at) => (at > 1000 && at <= 2000 ? { ...both(at), sound: 1000 } : both(at)));
  equal([gap.at(1100), gap.at(1300), gap.at(5000), gap.at(5100)], [true, false, false, true]);
});

test("a page that was held up says nothing of the line", () => {
  let flow = still(0);
  for (let at = 100; at <= 1000; at += 100) flow = next(flow, true, both(at), at, at - 100);
  flow = next(flow, true, { sound: 1000, picture: 1000, spare: 1000 }, 9000, 1000);
  equal(flow.flows, true);
});

test("a connection that is gone ends it at once", () => {
  const cut = watch(2000, both, (at) => at < 1000);
  equal([cut.at(900), cut.at(1000)], [true, false]);
});
