/**
 * The media side of a class: connects, publishes, receives, and tells the page what changes. Knows no DOM and no words.
 * @typedef {import("../state/types").TrackKind} TrackKind
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("livekit-client").TrackPublication} Publication
 * @typedef {import("livekit-client").Participant} Peer
 */
import {
  AudioPresets,
  ConnectionQuality,
  DisconnectReason,
  Room,
  RoomEvent,
  ScreenSharePresets,
  Track,
  TrackEvent,
  VideoPresets,
} from "livekit-client";
import { keepLog } from "./log.js";
import { Pulse } from "./pulse.js";
import { Reserve } from "./reserve.js";

keepLog();

/** Music as it is: both channels, a high rate, no pauses in what is sent. */
const MUSIC = { audioPreset: AudioPresets.musicHighQualityStereo, forceStereo: true, dtx: false };
/** @type {Listener} */ const NOBODY = { tell() {}, adrift() {}, lost() {}, permitted() {} };
const SHOWN_WITHIN = 500; // ms
const PERMITTED_WITHIN = 5000; // ms
const VOICE_ON = 250; // a cough is no speaker
const VOICE_OFF = 800;
/** Lost: the server has not heard of them for a while, and they may come back. */
const WEAK = [ConnectionQuality.Poor, ConnectionQuality.Lost];

/** A media server that restarts is back within seconds: waits of at most 3 s, for about a minute. */
const PATIENCE = {
  nextRetryDelayInMs: (/** @type {{retryCount: number}} */ { retryCount }) =>
    retryCount > 30 ? null : Math.min(3000, 250 * 1.6 ** retryCount) * (0.75 + Math.random() / 2),
};

/** @type {Partial<Record<import("livekit-client").Track.Source, TrackKind>>} */
const KINDS = {
  [Track.Source.Microphone]: "mic",
  [Track.Source.Camera]: "camera",
  [Track.Source.ScreenShare]: "screen",
  [Track.Source.ScreenShareAudio]: "screen_sound",
};

/**
 * @typedef {object} Listener
 * @property {(event: LocalEvent) => void} tell
 * @property {() => void} adrift the connection to the server is cut, and tried again
 * @property {() => void} lost the connection is gone for good: a new one needs a fresh token
 * @property {() => void} permitted what one may send has changed
 */

export class MediaRoom {
  /** @param {Listener} page @param {string} speaker device id, "" for the system's @param {() => boolean} original whether the microphone is sent as it is */
  constructor(page, speaker, original) {
    this.page = page;
    this.original = original;
    /** How it is sent just now. */
    this.sentOriginal = false;
    this.room = new Room({
      adaptiveStream: true,
      dynacast: true,
      stopLocalTrackOnUnpublish: false, // Devices owns them
      reconnectPolicy: PATIENCE,
      audioOutput: speaker ? { deviceId: speaker } : undefined,
      publishDefaults: {
        videoCodec: "vp8",
        videoSimulcastLayers: [VideoPresets.h180, VideoPresets.h360],
        screenShareEncoding: ScreenSharePresets.h1080fps15.encoding,
        audioPreset: AudioPresets.speech,
        red: false,
      },
    });
    /** @type {Map<string, {loud: boolean, on: boolean, timer: any}>} */ this.voices = new Map();
    this.pulse = new Pulse(() => this.room.remoteParticipants.values(), {
      silent: (since) => this.page.tell(since === null ? { type: "media", state: "on" } : { type: "media", state: "lost", since }),
      path: (path) => this.page.tell({ type: "path", path }),
    });
    this.reserve = new Reserve(() =>
      [...this.room.remoteParticipants.values()]
        .flatMap((peer) => [...peer.trackPublications.values()])
        .flatMap((publication) => publication.track ?? []),
    );
    this.left = false;
    /** No way back: a new room has to be made. */
    this.over = false;
    this.listen();
  }

  /** @param {{url: string, token: string}} media @param {RTCConfiguration} ways kept, and read again after a lost line */
  async connect({ url, token }, ways) {
    this.page.tell({ type: "media", state: "connecting" });
    try {
      await this.room.connect(url, token, { rtcConfig: ways });
      if (this.left) return this.close();
      this.page.tell({ type: "media", state: "on" });
      this.pulse.start();
      for (const peer of this.room.remoteParticipants.values()) this.shows(peer);
    } catch {
      if (!this.left) this.gone();
    }
  }

  get connected() {
    return this.room.state !== "disconnected" && this.room.state !== "connecting";
  }

  /** The connection to the server is cut, though sound and video may still run. */
  get adrift() {
    return this.over || this.room.state === "signalReconnecting" || this.room.state === "reconnecting";
  }

  /** @param {import("livekit-client").LocalTrack} track @param {boolean} on */
  async publish(track, on) {
    const { localParticipant } = this.room;
    if (!on && !track.isMuted) await track.mute();
    const source = track.kind === Track.Kind.Audio ? Track.Source.Microphone : Track.Source.Camera;
    if (!this.permits(source)) return; // it is asked again once it may be sent
    const published = localParticipant.getTrackPublication(source);
    const music = source === Track.Source.Microphone && this.original();
    const same = source !== Track.Source.Microphone || this.sentOriginal === music;
    if (published?.track === track && same) return;
    if (published?.track) await localParticipant.unpublishTrack(published.track);
    if (source === Track.Source.Microphone) this.sentOriginal = music;
    const asked = track.isMuted;
    await localParticipant.publishTrack(track, { source, ...(music && MUSIC) });
    if (track.isMuted !== asked) track.emit(track.isMuted ? TrackEvent.Muted : TrackEvent.Unmuted, track); // the server did not know it yet
  }

  /** Whether the media server lets one send this; LiveKit's permission without a list means everything. @param {import("livekit-client").Track.Source} source */
  permits(source) {
    const { permissions } = this.room.localParticipant;
    if (!permissions) return true;
    const { canPublish, canPublishSources } = permissions;
    return canPublish && (!canPublishSources.length || canPublishSources.includes(Track.sourceToProto(source)));
  }

  /**
   * Chosen first, while the click that wanted it still counts, then asked for.
   * @param {boolean} on @param {() => Promise<boolean>} granted whether the class lets one @returns {Promise<void>} cancelled, or failed: rejects
   */
  async share(on, granted) {
    const { localParticipant } = this.room;
    if (!on) return this.unshare();
    const options = /** @type {const} */ ({
      audio: true,
      contentHint: "detail",
      selfBrowserSurface: "include",
      surfaceSwitching: "include",
      systemAudio: "include",
      resolution: ScreenSharePresets.h1080fps15.resolution,
    });
    const tracks = await localParticipant.createScreenTracks(options);
    const [picture] = tracks;
    try {
      if (!(await granted())) return tracks.forEach((track) => track.stop());
      await this.permitted(Track.Source.ScreenShare);
      if (!picture || hasEnded(picture)) return tracks.forEach((track) => track.stop()); // in the browser's own bar
      for (const track of tracks) hasEnded(track) ? track.stop() : await this.present(track);
    } catch (error) {
      for (const track of tracks) track.stop();
      throw error;
    }
  }

  /** The browser captures nothing any more. */
  async unshare() {
    const tracks = Object.values(this.shared());
    await this.room.localParticipant.setScreenShareEnabled(false);
    for (const track of tracks) track.stop();
  }

  /** Until the media server lets one send this; it hears of it from the class. @param {import("livekit-client").Track.Source} source @returns {Promise<void>} not soon: rejects */
  permitted(source) {
    if (this.permits(source)) return Promise.resolve();
    const { room } = this;
    return new Promise((done, failed) => {
      const over = () => {
        clearTimeout(timer);
        room.off(RoomEvent.ParticipantPermissionsChanged, look);
      };
      const look = () => {
        if (!this.permits(source)) return;
        over();
        done();
      };
      const timer = setTimeout(() => {
        over();
        failed(new Error("not permitted"));
      }, PERMITTED_WITHIN);
      room.on(RoomEvent.ParticipantPermissionsChanged, look);
    });
  }

  /** @param {string} device */
  async speaker(device) {
    await this.room.switchActiveDevice("audiooutput", device || "default");
  }

  /** After a click: browsers keep pages silent until then. */
  async sound() {
    await this.room.startAudio();
  }

  /** A screen that was shared in another room. @param {import("livekit-client").LocalTrack} track */
  async present(track) {
    await this.room.localParticipant.publishTrack(track, { source: track.source });
  }

  /** Tracks of others that are here now. */
  sids() {
    return [...this.room.remoteParticipants.values()].flatMap((peer) => [...peer.trackPublications.keys()]);
  }

  /** The shared screen and its sound. @returns {Partial<Record<"screen" | "screen_sound", import("livekit-client").LocalTrack>>} */
  shared() {
    const { localParticipant } = this.room;
    const screen = localParticipant.getTrackPublication(Track.Source.ScreenShare)?.track;
    const sound = localParticipant.getTrackPublication(Track.Source.ScreenShareAudio)?.track;
    return { ...(screen && { screen }), ...(sound && { screen_sound: sound }) };
  }

  /** The browser's reports about each camera of others that comes. @returns {Promise<(RTCStatsReport | undefined)[]>} */
  pictures() {
    const cameras = [...this.room.remoteParticipants.values()].flatMap((peer) => peer.getTrackPublication(Track.Source.Camera)?.track ?? []);
    return Promise.all(cameras.map((track) => track.getRTCStatsReport()));
  }

  /** What receives somebody's voice. @param {string} participant */
  voiceOf(participant) {
    const peer = this.room.remoteParticipants.get(participant);
    return peer?.getTrackPublication(Track.Source.Microphone)?.track?.receiver;
  }

  /** Leave without a word; the tracks of the shared screen, which go on. @returns {import("livekit-client").LocalTrack[]} */
  release() {
    const screen = Object.values(this.shared());
    this.page = NOBODY;
    this.close();
    return screen;
  }

  close() {
    this.left = this.over = true;
    this.pulse.stop();
    for (const { timer } of this.voices.values()) clearTimeout(timer);
    this.voices.clear();
    void this.room.disconnect(false);
  }

  listen() {
    const { room } = this;
    const shown = (/** @type {unknown} */ _, /** @type {Publication} */ publication, /** @type {Peer} */ peer) =>
      this.show(publication, peer);
    const changed = (/** @type {Publication} */ publication, /** @type {Peer} */ peer) => this.show(publication, peer);
    const hidden = (/** @type {Publication} */ publication, /** @type {Peer} */ peer) => this.hide(publication, peer);
    room
      .on(RoomEvent.TrackPublished, changed)
      .on(RoomEvent.TrackSubscribed, shown)
      .on(RoomEvent.TrackSubscribed, (track) => this.reserve.give(track))
      .on(RoomEvent.TrackSubscribed, (track) => void setTimeout(() => spare(track), SHOWN_WITHIN))
      .on(RoomEvent.TrackUnsubscribed, shown)
      .on(RoomEvent.TrackMuted, changed)
      .on(RoomEvent.TrackUnmuted, changed)
      .on(RoomEvent.TrackUnpublished, hidden)
      .on(RoomEvent.LocalTrackPublished, changed)
      .on(RoomEvent.LocalTrackUnpublished, hidden)
      .on(RoomEvent.ParticipantDisconnected, (peer) => {
        for (const publication of peer.trackPublications.values()) this.hide(publication, peer);
      })
      .on(RoomEvent.ParticipantPermissionsChanged, (_, peer) => peer.isLocal && this.page.permitted())
      .on(RoomEvent.ActiveSpeakersChanged, (peers) => this.hear(peers))
      .on(RoomEvent.ConnectionQualityChanged, (quality, peer) => {
        this.page.tell({ type: "line", participant: peer.identity, weak: WEAK.includes(quality) });
        if (peer.isLocal) this.reserve.line(quality);
      })
      .on(RoomEvent.SignalReconnecting, () => queueMicrotask(() => this.page.adrift())) // it may be left then
      .on(RoomEvent.Reconnecting, () => {
        queueMicrotask(() => this.page.adrift());
        this.pulse.stop();
        this.page.tell({ type: "media", state: "lost" });
      })
      .on(RoomEvent.Reconnected, () => {
        this.page.tell({ type: "media", state: "on" });
        this.pulse.start();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.page.tell({ type: "sound", blocked: !room.canPlaybackAudio }))
      .on(RoomEvent.Disconnected, (reason) => {
        // The classroom socket says why: moved, removed, class over. Here only a broken line is news.
        if (this.left || reason === DisconnectReason.CLIENT_INITIATED) return;
        if (reason !== DisconnectReason.DUPLICATE_IDENTITY) this.gone();
      });
  }

  gone() {
    this.over = true;
    this.pulse.stop();
    this.page.tell({ type: "media", state: "lost" });
    this.page.lost();
  }

  /** @param {Peer} peer */
  shows(peer) {
    for (const publication of peer.trackPublications.values()) this.show(publication, peer);
  }

  /** @param {Publication} publication @param {Peer} peer */
  show(publication, peer) {
    const kind = KINDS[publication.source];
    if (!kind) return;
    const media = publication.track ?? null;
    if (peer.isLocal && kind === "camera") return; // Devices shows it, published or not
    const track = { sid: publication.trackSid, muted: publication.isMuted, media };
    this.page.tell({ type: "track", participant: peer.identity, kind, track });
    if (peer.isLocal && kind === "screen") this.page.tell({ type: "share", state: "on" });
  }

  /** @param {Publication} publication @param {Peer} peer */
  hide(publication, peer) {
    const kind = KINDS[publication.source];
    if (!kind || (peer.isLocal && kind === "camera")) return;
    this.page.tell({ type: "track_gone", participant: peer.identity, kind, sid: publication.trackSid });
    if (peer.isLocal && kind === "screen") this.page.tell({ type: "share", state: "off" });
  }

  /** Voices count after 250 ms and fade after 800. @param {Peer[]} peers */
  hear(peers) {
    const loud = new Set(peers.map((peer) => peer.identity));
    for (const id of loud) this.voice(id, true, VOICE_ON);
    for (const id of this.voices.keys()) if (!loud.has(id)) this.voice(id, false, VOICE_OFF);
  }

  /** @param {string} id @param {boolean} loud @param {number} pause */
  voice(id, loud, pause) {
    const known = this.voices.get(id);
    if (known ? known.loud === loud : !loud) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.voiced(id, loud), known?.on === loud ? 0 : pause);
    this.voices.set(id, { loud, on: known?.on ?? false, timer });
  }

  /** @param {string} id @param {boolean} on */
  voiced(id, on) {
    const known = this.voices.get(id);
    if (!known) return;
    if (on) known.on = true;
    else this.voices.delete(id);
    this.page.tell({ type: "speaking", ids: [...this.voices].filter(([, voice]) => voice.on).map(([each]) => each) });
  }
}

/** @param {import("livekit-client").LocalTrack} track */
const hasEnded = ({ mediaStreamTrack }) => mediaStreamTrack.readyState === "ended";

/** A picture that no element shows is sent all the same, until one has shown it: let it be known. @param {import("livekit-client").RemoteTrack} track */
function spare(track) {
  if (track.kind === Track.Kind.Video && !track.attachedElements.length) track.detach(track.attach());
}
