import { recall } from "/static/js/media/choices.js";
import { capture } from "/static/js/media/effects.js";
import { Pace, SLOW } from "/static/js/media/background/pace.js";
import { withStereo } from "/static/js/media/call.js";
import { equal, test } from "./check.js";

const PLAIN = { noise: "standard", original: false, background: "" };
const kept = (value) => recall({ getItem: () => value }).effects;

test("original sound asks the device for all it hears, in both channels", () => {
  const { echoCancellation, noiseSuppression, autoGainControl, channelCount } = capture({ ...PLAIN, noise: "strong", original: true });
  equal([echoCancellation, noiseSuppression, autoGainControl, channelCount], [false, false, false, 2]);
});

test("the browser suppresses noise at standard alone: the strong filter is to hear it, and off is off", () => {
  equal(["standard", "strong", "off"].map((noise) => capture({ ...PLAIN, noise }).noiseSuppression), [true, false, false]);
  equal(capture({ ...PLAIN, noise: "off" }).echoCancellation, true);
});

test("what was chosen is remembered, and what makes no sense is left out", () => {
  equal(kept(JSON.stringify({ effects: { noise: "strong", original: true, background: "hills" } })), { noise: "strong", original: true, background: "hills" });
  equal(kept(JSON.stringify({ effects: { noise: "loud", original: "yes", background: 7 } })), PLAIN);
  equal(kept(null), PLAIN);
  equal(kept("{"), PLAIN);
});

/** How often slowness was told while pictures took so long. */
function told(pictures) {
  let count = 0;
  const pace = new Pace(() => count++);
  for (const ms of pictures) pace.took(ms);
  return count;
}
const many = (count, ms) => Array.from({ length: count }, () => ms);

test("a machine that stays too slow is told once", () => equal(told(many(200, SLOW * 2)), 1));
test("the first pictures do not count: the model is still made ready", () => equal(told([...many(15, 2000), ...many(100, SLOW / 2)]), 0));
test("a short stutter is forgiven", () => equal(told([...many(60, 20), ...many(5, 400), ...many(60, 20)]), 0));

test("Opus is offered in both channels once, and nothing else changes", () => {
  const sdp = "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n";
  const shaped = withStereo(sdp);
  equal(shaped, sdp.replace("useinbandfec=1", "useinbandfec=1;stereo=1;sprop-stereo=1"));
  equal(withStereo(shaped), shaped);
});
