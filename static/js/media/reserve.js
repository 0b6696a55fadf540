/**
 * On a line that loses packets, pictures and sound wait a little longer before they are played: what was lost and is
 * sent again is then in time, and nothing stands still.
 * @typedef {import("livekit-client").RemoteTrack} RemoteTrack
 */

const RESERVE = 0.3; // seconds: a browser asks again each 100 ms, and the third answer is there by then

export class Reserve {
  seconds = 0;

  /** @param {() => Iterable<RemoteTrack>} tracks what is received now */
  constructor(tracks) {
    this.tracks = tracks;
  }

  /** How good our own line is by now; in between all stays as it was. @param {string} quality LiveKit's word */
  line(quality) {
    const seconds = quality === "poor" ? RESERVE : quality === "excellent" ? 0 : this.seconds;
    if (seconds === this.seconds) return;
    this.seconds = seconds;
    for (const track of this.tracks()) track.setPlayoutDelay(seconds);
  }

  /** A track that has just come. @param {RemoteTrack} track */
  give(track) {
    if (this.seconds) track.setPlayoutDelay(this.seconds);
  }
}
