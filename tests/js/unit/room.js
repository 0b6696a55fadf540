import { MediaRoom } from "/static/js/media/room.js";
import { equal, test } from "./check.js";

/** What somebody who chose a screen shares; `readyState`: of the tracks by the time the class has granted it. */
async function shared(...readyStates) {
  const done = [];
  const room = new MediaRoom({ tell() {}, adrift() {}, lost() {}, permitted() {} }, "", () => false);
  const tracks = readyStates.map((readyState, n) => ({ source: n, mediaStreamTrack: { kind: n ? "audio" : "video", readyState }, stop: () => done.push(`stop ${n}`) }));
  room.room.localParticipant.createScreenTracks = async () => tracks;
  room.permitted = async () => {};
  room.present = async ({ source }) => done.push(`present ${source}`);
  await room.share(true, async () => true);
  return done;
}

test("a screen that was chosen is shared with its sound once it is granted", async () => {
  equal([await shared("live"), await shared("live", "live")], [["present 0"], ["present 0", "present 1"]]);
});

test("one that was stopped in the browser's own bar before is not shared at all", async () => {
  equal([await shared("ended"), await shared("ended", "live")], [["stop 0"], ["stop 0", "stop 1"]]);
});

test("a sound that has ended is left out", async () => {
  equal(await shared("live", "ended"), ["present 0", "stop 1"]);
});

for (const [quality, weak] of [["excellent", false], ["good", false], ["poor", true], ["lost", true]])
  test(`a line that is ${quality} is ${weak ? "" : "not "}told as weak`, () => {
    const told = [];
    const room = new MediaRoom({ tell: (event) => told.push(event), adrift() {}, lost() {}, permitted() {} }, "", () => false);
    room.room.emit("connectionQualityChanged", quality, { identity: "ash", isLocal: false });
    equal(told, [{ type: "line", participant: "ash", weak }]);
  });
/** What the media server is told of a microphone that is muted or not, and turns so while it is published. */
async function told(isMuted, becomes) {
  const said = [];
  const room = new MediaRoom({ tell() {}, adrift() {}, lost() {}, permitted() {} }, "", () => false);
  const track = { kind: "audio", isMuted, emit: (event) => said.push(event) };
  room.permits = () => true;
  room.room.localParticipant.getTrackPublication = () => undefined;
  room.room.localParticipant.publishTrack = async () => (track.isMuted = becomes);
  await room.publish(track, !isMuted);
  return said;
}

test("who unmutes while the microphone is on its way is heard, and who mutes is not", async () => {
  equal([await told(true, false), await told(false, true)], [["unmuted"], ["muted"]]);
  equal([await told(true, true), await told(false, false)], [[], []]);
});
