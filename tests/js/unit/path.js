import { pathOf } from "/static/js/media/path.js";
import { equal, test } from "./check.js";

const report = (local, remote = { candidateType: "host" }) =>
  new Map(
    [
      { id: "T", type: "transport", selectedCandidatePairId: "P" },
      { id: "Q", type: "candidate-pair", localCandidateId: "other", remoteCandidateId: "R" },
      { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R" },
      { id: "L", type: "local-candidate", protocol: "udp", ...local },
      { id: "R", type: "remote-candidate", ...remote },
    ].map((stat) => [stat.id, stat]),
  );

test("the pair in use tells whether there is a relay in the way, on either side", () => {
  equal(pathOf(report({ candidateType: "srflx" })), { relayed: false, tcp: false });
  equal(pathOf(report({ candidateType: "relay", relayProtocol: "udp" })), { relayed: true, tcp: false });
  equal(pathOf(report({ candidateType: "host" }, { candidateType: "relay" })), { relayed: true, tcp: false });
});

test("TCP is told, straight or to the relay", () => {
  equal(pathOf(report({ candidateType: "host", protocol: "tcp" })), { relayed: false, tcp: true });
  equal(pathOf(report({ candidateType: "relay", relayProtocol: "tls" })), { relayed: true, tcp: true });
});

test("Firefox marks the pair itself; without one there is no path", () => {
  const firefox = report({ candidateType: "host" });
  firefox.delete("T");
  firefox.get("P").selected = true;
  equal(pathOf(firefox), { relayed: false, tcp: false });
  equal(pathOf(new Map()), null);
});
