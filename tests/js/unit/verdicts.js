import { only } from "/static/js/check/probes.js";
import * as verdicts from "/static/js/check/verdicts.js";
import { equal, ok, test } from "./check.js";

const yes = { ok: true, ms: 30.4, cause: null };
const no = { ok: false, ms: null, cause: "timeout" };
const relay = (kind, reach) => ({ kind, reach });
const said = (found) => Object.fromEntries(verdicts.ways(found).map(({ what, verdict }) => [what, verdict]));

for (const [name, found, expected] of [
  ["an open network", { udp: yes, tcp: yes, relays: [relay("relay_tls", yes)] }, { udp: "good", tcp: "good", relay_tls: "good" }],
  ["what is not needed is no fault", { udp: yes, tcp: no, relays: [relay("relay_udp", no)] }, { udp: "good", tcp: "good", relay_udp: "good" }],
  ["no UDP", { udp: no, tcp: yes, relays: [relay("relay_udp", no)] }, { udp: "warn", tcp: "good", relay_udp: "good" }],
  ["the relay alone", { udp: no, tcp: no, relays: [relay("relay_tcp", no), relay("relay_tls", yes)] }, { udp: "warn", tcp: "warn", relay_tcp: "warn", relay_tls: "good" }],
  ["nothing at all", { udp: no, tcp: no, relays: [relay("relay_tls", no)] }, { udp: "bad", tcp: "bad", relay_tls: "bad" }],
])
  test(`ways: ${name}`, () => equal(said({ secure: yes, ...found }), { secure: "good", ...expected }));

test("nothing at all is named as what it is, with the mend", () => {
  const found = verdicts.ways({ secure: yes, udp: no, tcp: no, relays: [] });
  equal(verdicts.cause(found).words, "This network blocks live sound and video.");
  ok(verdicts.cause(found).mend.includes("hotspot"));
  equal(found[1].figures, { cause: "timeout" });
});

for (const [name, line, verdict] of [
  ["not measured", null, "unknown"],
  ["good", { rtt: 40, lossUp: 0, lossDown: 0.01, up: 2e6, down: 2e6 }, "good"],
  ["too narrow for video", { rtt: 40, lossUp: 0, lossDown: 0, up: 2e6, down: 2e5 }, "bad"],
  ["narrow", { rtt: 40, lossUp: 0, lossDown: 0, up: 8e5, down: 2e6 }, "warn"],
  ["lossy", { rtt: 40, lossUp: 0.08, lossDown: 0, up: 2e6, down: 2e6 }, "warn"],
  ["slow", { rtt: 420, lossUp: 0, lossDown: 0, up: 2e6, down: 2e6 }, "warn"],
  ["a browser that tells little", { rtt: null, lossUp: null, lossDown: null, up: null, down: null }, "good"],
])
  test(`line: ${name}`, () => equal(verdicts.line(line).verdict, verdict));

for (const [what, cause, level, verdict] of [
  ["microphone", null, 0.2, "good"],
  ["microphone", null, 0.001, "warn"],
  ["microphone", "NotAllowedError", null, "warn"],
  ["camera", "NotFoundError", null, "warn"],
  ["camera", "NotReadableError", null, "warn"],
])
  test(`${what}, ${cause ?? level}`, () => {
    const found = verdicts.device(what, cause, level);
    equal(found.verdict, verdict);
    ok(found.words && (verdict === "good" || found.mend));
  });

test("the worst that is known counts", () => {
  const of = (...all) => verdicts.worst(all.map((verdict) => ({ verdict })));
  equal([of("good", "unknown"), of("good", "warn"), of("warn", "bad"), of()], ["good", "warn", "bad", "good"]);
});

test("an answer is read with candidates of one protocol only", () => {
  const sdp = "a=candidate:1 1 udp 99 192.0.2.1 7882 typ host\r\na=candidate:2 1 tcp 9 192.0.2.1 7881 typ host tcptype passive\r\na=end\r\n";
  equal(only(sdp, "udp").split("\r\n").length, 3);
  ok(only(sdp, "tcp").startsWith("a=candidate:2"));
  equal(only(sdp), sdp);
});
