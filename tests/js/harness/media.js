/** Stands in for the media server: drawn people send, some of them muted or without a camera. */
import { face, slide } from "./faces.js";

export class MediaRoom {
  constructor(page) {
    this.page = page;
    this.connected = true;
  }
  async connect() {
    const { people, you = people - 1, share, speaking = [1], dark = [3, 6], talkers = [0, 1, 13], weak = [5] } = globalThis.scenario;
    const { id } = globalThis.harness;
    const { tell } = this.page;
    tell({ type: "media", state: "on" });
    for (let n = 0; n < people; n++) {
      if (n === you) continue;
      tell({ type: "track", participant: id(n), kind: "camera", track: { sid: `c${n}`, muted: dark.includes(n), media: face(n) } });
      if (talkers.includes(n)) tell({ type: "track", participant: id(n), kind: "mic", track: { sid: `m${n}`, muted: false, media: null } });
      if (weak.includes(n)) tell({ type: "line", participant: id(n), weak: true });
    }
    if (share !== undefined) tell({ type: "track", participant: id(share), kind: "screen", track: { sid: "s", muted: false, media: slide(...(globalThis.scenario.slide ?? [])) } });
    tell({ type: "speaking", ids: speaking.map(id) });
    globalThis.harness.media = this.page;
  }
  async publish() {}
  async present() {}
  sids() { return []; }
  release() { this.close(); return []; }
  async share() {}
  async speaker() {}
  async sound() {}
  close() {}
}
