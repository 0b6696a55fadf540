import { Negotiation } from "/static/js/media/negotiation.js";
import { equal, ok, test } from "./check.js";

/** Two real connections whose signals wait in `post` until they are delivered. */
function pair() {
  const post = [];
  const sides = ["impolite", "polite"].map((name, index) => {
    const pc = new RTCPeerConnection();
    const side = { name, pc, sent: [], failed: [] };
    side.negotiation = new Negotiation(pc, {
      polite: index === 1,
      send: (signal) => (side.sent.push(signal), post.push([1 - index, signal])),
      failed: (error) => side.failed.push(String(error)),
    });
    return side;
  });
  const deliver = async () => {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (post.length) {
        const [to, signal] = post.shift();
        await sides[to].negotiation.heard({ description: null, ...JSON.parse(JSON.stringify(signal)) });
        quiet = 0;
      }
      await new Promise((done) => setTimeout(done, 60));
    }
  };
  const made = () => new Promise((done) => setTimeout(done, 100));
  return { impolite: sides[0], polite: sides[1], deliver, made, close: () => sides.forEach(({ pc }) => pc.close()) };
}

test("an offer is answered, candidates trickle a few in a message", async () => {
  const { impolite, polite, deliver, made, close } = pair();
  impolite.pc.createDataChannel("x");
  await made();
  await deliver();
  equal([impolite.pc.signalingState, polite.pc.signalingState], ["stable", "stable"]);
  equal(impolite.sent[0].description.type, "offer");
  ok(impolite.sent.slice(1).every(({ candidates }) => candidates.length >= 1));
  equal([impolite.failed, polite.failed], [[], []]);
  close();
});

test("when both begin at once the polite one gives way, and both get what they wanted", async () => {
  const { impolite, polite, deliver, made, close } = pair();
  const opened = [];
  for (const { name, pc } of [impolite, polite]) {
    pc.ondatachannel = ({ channel }) => opened.push([name, channel.label]);
    pc.createDataChannel(`of ${name}`);
  }
  await made();
  equal([impolite.pc.signalingState, polite.pc.signalingState], ["have-local-offer", "have-local-offer"]);
  await deliver();
  for (let tries = 0; opened.length < 2 && tries < 50; tries++) await made();
  equal(opened.sort(), [["impolite", "of polite"], ["polite", "of impolite"]]);
  equal([impolite.failed, polite.failed], [[], []]);
  close();
});

test("both restart at once and stay one connection", async () => {
  const { impolite, polite, deliver, made, close } = pair();
  impolite.pc.createDataChannel("x");
  await made();
  await deliver();
  const before = impolite.pc.localDescription.sdp.match(/ice-ufrag:(.*)/)[1];
  impolite.pc.restartIce();
  polite.pc.restartIce();
  await made();
  await deliver();
  equal([impolite.pc.signalingState, polite.pc.signalingState, impolite.failed, polite.failed], ["stable", "stable", [], []]);
  ok(impolite.pc.localDescription.sdp.match(/ice-ufrag:(.*)/)[1] !== before);
  close();
});

test("a message that is none breaks nothing", async () => {
  const { impolite, polite, deliver, made, close } = pair();
  await polite.negotiation.heard({ description: { type: "offer", sdp: "nonsense" }, candidates: [] });
  await polite.negotiation.heard({ description: null, candidates: [{ candidate: "nonsense", sdpMid: "7", sdpMLineIndex: null, usernameFragment: null }] });
  equal(polite.failed.length, 2);
  impolite.pc.createDataChannel("x");
  await made();
  await deliver();
  equal(polite.pc.signalingState, "stable");
  close();
});
