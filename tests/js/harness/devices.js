/** Stands in for microphone and camera: the states that `scenario` names, a drawn face as the camera. */
import { face } from "./faces.js";

const CHOICES = {
  mic: [{ id: "m1", label: "Built-in microphone" }, { id: "m2", label: "USB headset" }],
  camera: [{ id: "c1", label: "FaceTime HD camera" }],
  speaker: [{ id: "s1", label: "Built-in speakers" }, { id: "s2", label: "USB headset" }],
};

export class Devices {
  constructor(page, wanted) {
    this.page = page;
    this.wanted = { ...wanted };
    this.chosen = { ...wanted.effects };
    this.camera = this.mic = null;
  }
  async open() {
    const { mic = "on", camera = "on", off = [] } = globalThis.scenario;
    for (const device of off) this.want(device, false);
    const tell = this.page.tell;
    tell({ type: "device", device: "mic", state: mic });
    tell({ type: "device", device: "camera", state: off.includes("camera") ? "off" : camera });
    if (mic !== "asking") tell({ type: "choices", choices: { ...CHOICES, ...(camera === "missing" && { camera: [] }) } });
    for (const [device, id] of [["mic", "m1"], ["camera", "c1"]]) tell({ type: "chosen", device, id });
    if (camera === "on" && !off.includes("camera")) tell({ type: "track", participant: "", kind: "camera", track: { sid: "own", muted: false, media: face(6) } });
    setInterval(() => this.page.level(0.35), 100);
  }
  want(device, on) {
    this.wanted[device] = on;
    this.page.tell({ type: "want", device, on });
  }
  again() {}
  choose(device, id) { this.page.tell({ type: "chosen", device, id }); }
  treat(change) {
    this.chosen = { ...this.chosen, ...change };
    this.page.tell({ type: "effects", chosen: this.chosen });
    if ("background" in change) this.page.tell({ type: "dressed", state: change.background ? "on" : "off" });
  }
  wake() {}
  close() {}
}
