/**
 * This person's microphone, camera and speaker: opened, switched, watched. Knows no DOM and no words.
 * @typedef {import("../state/types").DeviceKind} DeviceKind
 * @typedef {import("../state/types").DeviceState} DeviceState
 * @typedef {import("../state/types").OutputKind} OutputKind
 * @typedef {import("../state/types").Choice} Choice
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 */
import { createLocalAudioTrack, createLocalTracks, createLocalVideoTrack, Track, VideoPresets } from "livekit-client";
import { capture, Effects } from "./effects.js";
import { Level } from "./level.js";

/** @type {Record<OutputKind, MediaDeviceKind>} */
const BROWSER_KIND = { mic: "audioinput", camera: "videoinput", speaker: "audiooutput" };
const TALKING = 0.45;
const TALKED_FOR = 5; // readings of the level, 100 ms each

/**
 * @typedef {object} Listener
 * @property {(event: LocalEvent) => void} tell
 * @property {(kind: DeviceKind, track: import("livekit-client").LocalTrack) => void} opened a track to publish
 * @property {(level: number) => void} level of the microphone, 0–1
 * @property {(device: string) => void} speaker was chosen
 */

export class Devices {
  /**
   * @param {Listener} page @param {import("./choices").Remembered} wanted
   * @param {import("../state/state").EffectFiles} files
   */
  constructor(page, wanted, files) {
    this.page = page;
    this.wanted = { mic: wanted.mic, camera: wanted.camera };
    this.asked = { mic: false, camera: false };
    this.chosen = { ...wanted.devices };
    /** @type {import("livekit-client").LocalAudioTrack | null} */ this.mic = null;
    /** @type {import("livekit-client").LocalVideoTrack | null} */ this.camera = null;
    /** @type {Record<OutputKind, Choice[]>} */ this.choices = { mic: [], camera: [], speaker: [] };
    /** @type {Record<DeviceKind, DeviceState>} */ this.states = { mic: "off", camera: "off" };
    this.effects = new Effects(wanted.effects, files, (event) => this.page.tell(event));
    this.inRoom = false;
    this.loudFor = 0;
    this.level = new Level((level) => this.heardLevel(level));
    this.refresh = () => void this.list();
  }

  get available() {
    return Boolean(globalThis.navigator?.mediaDevices);
  }

  /** Ask for the microphone and, if wanted, the camera, in one question. */
  async open() {
    if (!this.available) return this.both("missing");
    navigator.mediaDevices.addEventListener("devicechange", this.refresh);
    this.watchPermissions();
    const both = this.wanted.camera;
    this.asked = { mic: true, camera: both };
    this.state("mic", "asking");
    if (both) this.state("camera", "asking");
    try {
      const audio = this.audioOptions();
      const tracks = await createLocalTracks({ audio, video: both ? this.videoOptions() : false });
      await Promise.all(tracks.map((track) => this.took(track.kind === Track.Kind.Audio ? "mic" : "camera", track)));
      this.asked = { mic: false, camera: false };
    } catch {
      await Promise.all([this.get("mic"), both ? this.get("camera") : null]); // which of the two, and why
    }
    await this.list();
  }

  /** @param {DeviceKind} kind */
  async get(kind) {
    this.state(kind, "asking");
    this.asked[kind] = true;
    try {
      const track = await (kind === "mic"
        ? createLocalAudioTrack(this.audioOptions())
        : createLocalVideoTrack(this.videoOptions()));
      await this.took(kind, track);
      this.asked[kind] = false;
    } catch (error) {
      this.asked[kind] = false;
      this.state(kind, reason(error));
    }
  }

  /** Nobody sees a camera before it has the background that was wanted. @param {DeviceKind} kind @param {import("livekit-client").LocalTrack} track */
  async took(kind, track) {
    const camera = kind === "camera" ? /** @type {import("livekit-client").LocalVideoTrack} */ (track) : null;
    if (camera && this.effects.chosen.background) await this.effects.picture(camera, true);
    if (this.closed) return track.stop();
    if (camera) this.camera = camera;
    else this.tookMic(/** @type {import("livekit-client").LocalAudioTrack} */ (track));
    track.on("ended", () => void this.list());
    this.state(kind, "on");
    this.page.opened(kind, track);
    if (kind === "camera" && !this.wanted.camera) return void this.want("camera", false); // turned off while it was asked for
    if (kind === "camera") this.showOwn();
  }

  /** @param {import("livekit-client").LocalAudioTrack} track */
  tookMic(track) {
    this.mic = track;
    this.listen();
    void this.effects.sound(track);
  }

  /** To the microphone itself: what is sent is silent while it is muted. */
  listen() {
    this.level.listen(this.mic?.mediaStream?.getAudioTracks()[0] ?? null);
  }

  /** Own picture, before and in the class. */
  showOwn() {
    const track = { sid: "own", muted: this.states.camera !== "on", media: this.camera };
    this.page.tell({ type: "track", participant: "", kind: "camera", track });
  }

  /** @param {DeviceKind} kind @param {boolean} on */
  async want(kind, on) {
    this.wanted[kind] = on;
    this.page.tell({ type: "want", device: kind, on });
    const track = this[kind];
    if (!track) return on ? this.again(kind) : this.state(kind, "off");
    if (kind === "mic") {
      if (this.inRoom) await (on ? track.unmute() : track.mute()); // before joining only the wish counts
      return;
    }
    if (on) this.state("camera", "asking");
    try {
      await (on ? track.unmute() : track.mute()); // a camera that is off lets go of the device
      if (on) await this.dress();
      this.state("camera", on ? "on" : "off");
    } catch (error) {
      this.state("camera", reason(error));
    }
    this.showOwn();
  }

  /** Try a device again that could not be had. @param {DeviceKind} kind */
  async again(kind) {
    if (!this.available || this.states[kind] === "asking") return;
    if (this.asked[kind]) return this.state(kind, "asking"); // the browser's question is still open
    await this.get(kind);
    await this.list();
  }

  /** @param {OutputKind} kind @param {string} id */
  async choose(kind, id) {
    this.chosen[kind] = id;
    this.page.tell({ type: "chosen", device: kind, id });
    if (kind === "speaker") return this.page.speaker(id);
    const track = this[kind];
    if (!track) return this.again(kind);
    try {
      await track.setDeviceId(id ? { exact: id } : "default");
      if (kind === "mic") this.listen();
      this.state(kind, kind === "camera" && !this.wanted.camera ? "off" : "on");
    } catch (error) {
      this.state(kind, reason(error));
    }
  }

  /** @param {Partial<import("../state/types").EffectsChosen>} change */
  async treat(change) {
    const before = capture(this.effects.chosen);
    this.effects.choose(change);
    if ("background" in change) return this.dress();
    const { mic } = this;
    if (!mic) return;
    const now = capture(this.effects.chosen);
    await this.effects.sound(mic);
    if (JSON.stringify(before) !== JSON.stringify(now)) await this.capture(mic);
    this.page.opened("mic", mic);
  }

  /** The same microphone again, as it is wanted now. @param {import("livekit-client").LocalAudioTrack} mic */
  async capture(mic) {
    const used = this.chosen.mic || mic.mediaStream?.getAudioTracks()[0]?.getSettings().deviceId || "default";
    try {
      await mic.restartTrack({ ...this.audioOptions(), deviceId: { exact: used } });
      this.listen();
    } catch (error) {
      this.state("mic", reason(error));
    }
  }

  /** The background that is wanted now. */
  async dress() {
    if (this.camera) await this.effects.picture(this.camera, this.wanted.camera);
  }

  /** Browsers start sound only after a click or a key. */
  wake() {
    this.level.wake();
    this.effects.wake();
  }

  /** Which devices there are; one that was in use and is gone is replaced by the next of its kind. */
  async list() {
    if (!this.available || this.closed) return;
    const all = await navigator.mediaDevices.enumerateDevices();
    const before = this.choices;
    this.choices = { mic: named(all, "mic"), camera: named(all, "camera"), speaker: named(all, "speaker") };
    this.page.tell({ type: "choices", choices: this.choices });
    for (const kind of /** @type {const} */ (["mic", "camera"])) {
      this.tellChosen(kind);
      await this.healed(kind, before[kind]);
    }
    const gone = before.speaker.find(({ id }) => id === this.chosen.speaker);
    if (gone && !has(this.choices.speaker, gone.id)) await this.replace("speaker");
  }

  /** @param {DeviceKind} kind */
  tellChosen(kind) {
    const id = this[kind]?.mediaStreamTrack.getSettings().deviceId;
    if (!id || !has(this.choices[kind], id)) return;
    this.chosen[kind] = id;
    this.page.tell({ type: "chosen", device: kind, id });
  }

  /** @param {DeviceKind} kind @param {Choice[]} before */
  async healed(kind, before) {
    const now = this.choices[kind];
    const plugged = now.length > before.length;
    if (this.states[kind] === "missing" && plugged && this.wanted[kind]) return this.get(kind);
    const used = this.chosen[kind];
    if (before.length && has(before, used) && !has(now, used) && this[kind]) await this.replace(kind);
  }

  /** @param {OutputKind} kind */
  async replace(kind) {
    const next = this.choices[kind][0];
    this.page.tell({ type: "notice", what: { kind: "unplugged", device: kind, now: next?.label ?? null } });
    if (next) return this.choose(kind, next.id);
    if (kind === "speaker") return this.choose(kind, "");
    this[kind]?.stop();
    this[kind] = null;
    if (kind === "mic") this.level.stop();
    this.state(kind, "missing");
  }

  /** A permission given later heals without a reload. */
  watchPermissions() {
    for (const [kind, name] of /** @type {[DeviceKind, string][]} */ ([["mic", "microphone"], ["camera", "camera"]])) {
      navigator.permissions
        ?.query({ name: /** @type {PermissionName} */ (name) })
        .then((status) => {
          status.onchange = () => {
            if (status.state === "granted" && this.states[kind] === "blocked") void this.again(kind);
            if (status.state === "denied" && this[kind]) this.lost(kind);
          };
        })
        .catch(() => {}); // this browser does not tell; "Try again" remains
    }
  }

  /** @param {DeviceKind} kind */
  lost(kind) {
    this[kind]?.stop();
    this[kind] = null;
    if (kind === "mic") this.level.stop();
    this.state(kind, "blocked");
  }

  /** @param {number} level */
  heardLevel(level) {
    this.page.level(level);
    const talking = this.inRoom && !this.wanted.mic && level > TALKING;
    this.loudFor = talking ? this.loudFor + 1 : 0;
    if (this.loudFor === TALKED_FOR && Date.now() - (this.reminded ?? 0) > 30_000) {
      this.reminded = Date.now();
      this.page.tell({ type: "notice", what: { kind: "talking_muted" } });
    }
  }

  /** Lights go out. */
  close() {
    this.closed = true;
    navigator.mediaDevices?.removeEventListener("devicechange", this.refresh);
    this.mic?.stop();
    this.camera?.stop();
    this.mic = this.camera = null;
    this.level.close();
    this.effects.close();
  }

  /** @param {DeviceState} state */
  both(state) {
    this.state("mic", state);
    this.state("camera", state);
  }

  /** @param {DeviceKind} kind @param {DeviceState} state */
  state(kind, state) {
    this.states[kind] = state;
    this.page.tell({ type: "device", device: kind, state });
  }

  audioOptions() {
    return { deviceId: this.chosen.mic || undefined, ...capture(this.effects.chosen) };
  }

  videoOptions() {
    return { deviceId: this.chosen.camera || undefined, resolution: VideoPresets.h720.resolution };
  }
}

/** Why a device could not be had. @param {unknown} error @returns {DeviceState} */
function reason(error) {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "blocked";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
}

/** @param {Choice[]} choices @param {string} id */
const has = (choices, id) => choices.some((choice) => choice.id === id);

/** Named devices only: before a permission the browser hides the rest. @param {MediaDeviceInfo[]} all @param {OutputKind} kind @returns {Choice[]} */
const named = (all, kind) =>
  all
    .filter((each) => each.kind === BROWSER_KIND[kind] && each.label && each.deviceId !== "communications")
    .map(({ deviceId, label }) => ({ id: deviceId, label: label.replace(/ \([0-9a-f]{4}:[0-9a-f]{4}\)$/, "") }));
