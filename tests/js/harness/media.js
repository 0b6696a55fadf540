/** Stands in for the media server: drawn people send, some of them muted or without a camera. */
import { face, slide } from "./faces.js";

export class MediaRoom {
  constructor(page) {
    this.page = page;
    this.connected = true;
    this.faces = new Map();
    this.told = [];
    this.counts = new Map();
  }
  async connect() {
    const { people, you = people - 1, share, speaking = [1], dark = [3, 6], talkers = [0, 1, 13], weak = [5] } = globalThis.scenario;
    const { id } = globalThis.harness;
    const tell = (event) => {
      if (event.type === "track") this.told.push(event.track.sid);
      this.page.tell(event);
    };
    tell({ type: "media", state: "on" });
    for (let n = 0; n < people; n++) {
      if (n === you) continue;
      tell({ type: "track", participant: id(n), kind: "camera", track: { sid: `c${n}`, muted: dark.includes(n), media: this.face(n) } });
      if (talkers.includes(n)) tell({ type: "track", participant: id(n), kind: "mic", track: { sid: `m${n}`, muted: false, media: null } });
      if (weak.includes(n)) tell({ type: "line", participant: id(n), weak: true });
    }
    for (const n of globalThis.scenario.shares ?? []) tell({ type: "track", participant: id(n), kind: "screen", track: { sid: `s${n}`, muted: false, media: slide() } });
    if (share !== undefined) tell({ type: "track", participant: id(share), kind: "screen", track: { sid: "s", muted: false, media: slide(...(globalThis.scenario.slide ?? [])) } });
    tell({ type: "speaking", ids: speaking.map(id) });
    globalThis.harness.media = this.page;
  }
  face(n) {
    const drawn = face(n);
    this.faces.set(`c${n}`, drawn);
    return drawn;
  }
  async publish() {}
  async present() {}
  /** Of each camera twenty frames a second while it is shown; of them as many dropped as `globalThis.dropped` (0–1) says. */
  async pictures() {
    const at = performance.now();
    const frames = ((at - (this.countedAt ?? at)) / 1000) * 20;
    this.countedAt = at;
    return [...(this.faces ?? [])].map(([id, face]) => {
      const before = this.counts.get(id) ?? { framesReceived: 0, framesDropped: 0 };
      const shown = face.shown.size > 0 ? frames : 0;
      const now = { framesReceived: before.framesReceived + shown, framesDropped: before.framesDropped + shown * (globalThis.dropped ?? 0) };
      this.counts.set(id, now);
      return [[id, { type: "inbound-rtp", kind: "video", ...now }]];
    });
  }
  permits() { return true; }
  sids() { return this.told; }
  release() { this.close(); return []; }
  async share() {}
  async speaker() {}
  async sound() {}
  close() {}
}
