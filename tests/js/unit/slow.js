import { slowWays, udpPortIn, withoutUdp } from "/static/js/media/slow.js";
import { equal, test } from "./check.js";

const keys = { username: "7:me", credential: "c" };

test("relays over TCP and TLS are the only slow way where there are some", () => {
  const servers = [{ urls: ["stun:t.example"] }, { urls: ["turn:t.example?transport=udp", "turn:t.example?transport=tcp", "turns:t.example:443?transport=tcp"], ...keys }];
  equal(slowWays(servers), {
    iceServers: [{ urls: ["turn:t.example?transport=tcp", "turns:t.example:443?transport=tcp"], ...keys }],
    iceTransportPolicy: "relay",
  });
});

test("without such relays the media server is reached without UDP", () => {
  equal(slowWays([]), { withoutUdp: true });
  equal(slowWays([{ urls: "turn:t.example?transport=udp", ...keys }]), { withoutUdp: true });
});

test("an answer loses its UDP candidates and nothing else", () => {
  const answer = (...candidates) => ["v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", ...candidates, "a=ice-lite", ""].join("\r\n");
  const tcp = "a=candidate:2 1 tcp 1518280447 203.0.113.9 7881 typ host tcptype passive";
  equal(withoutUdp(answer("a=candidate:1 1 udp 2130706431 203.0.113.9 7882 typ host", tcp)), answer(tcp));
});

test("the media server's UDP port is known by what it offers, and a browser's is no such", () => {
  const offer = (...lines) => ["v=0", ...lines, "a=candidate:2 1 tcp 1518280447 203.0.113.9 7881 typ host tcptype passive", "a=candidate:1 1 UDP 2130706431 203.0.113.9 7882 typ host", ""].join("\r\n");
  equal([udpPortIn(offer("a=ice-lite")), udpPortIn(offer())], [7882, null]);
  equal(udpPortIn("v=0\r\na=ice-lite\r\n"), null, "none is offered yet");
});

test("only a connection that is made for it leaves UDP out", async () => {
  const offer = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0", "a=setup:actpass", "a=ice-ufrag:abcd", "a=ice-pwd:0123456789abcdef01234567", `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`, "a=sctp-port:5000", "a=candidate:1 1 udp 2130706431 203.0.113.9 7882 typ host", "a=candidate:2 1 tcp 1518280447 203.0.113.9 7881 typ host tcptype passive", ""].join("\r\n");
  const remote = async (ways) => {
    const connection = new RTCPeerConnection(ways);
    await connection.setRemoteDescription({ type: "offer", sdp: offer });
    await connection.addIceCandidate({ candidate: "candidate:3 1 udp 2130706430 203.0.113.10 7882 typ host", sdpMid: "0" });
    const { sdp } = connection.remoteDescription;
    connection.close();
    return sdp.match(/ (udp|tcp) (?=\d)/gi).map((each) => each.trim());
  };
  equal(await remote({}), ["udp", "tcp", "udp"]);
  equal(await remote({ withoutUdp: true }), ["tcp"]);
});
