// The stock livekit-client in a bare page. What a test asks of it goes through `window.stock`.
import * as livekit from "/livekit-client.js";

const { Room, RoomEvent, Track } = livekit;
const SOURCES = { camera: Track.Source.Camera, microphone: Track.Source.Microphone };

/** What happened, in order: names of room events with who and what they are about. */
const events = [];
const data = [];
let room;

const note = (name) => (...about) => events.push([name, ...about.map((each) => each?.identity ?? each?.source ?? "")].join(" ").trim());

function show(track, publication, participant) {
  const element = track.attach();
  element.dataset.of = `${participant.identity}/${publication.source}`;
  document.body.append(element);
}

function hide(track, publication, participant) {
  track.detach();
  document.querySelector(`[data-of="${participant.identity}/${publication.source}"]`)?.remove();
}

async function encryption(key) {
  const keyProvider = new livekit.ExternalE2EEKeyProvider();
  await keyProvider.setKey(key);
  return { keyProvider, worker: new Worker("/e2ee-worker.js", { type: "module" }) };
}

function remote(identity, source) {
  return room.remoteParticipants.get(identity)?.getTrackPublication(SOURCES[source]);
}

function local(source) {
  return room.localParticipant.getTrackPublication(SOURCES[source]);
}

window.stock = {
  /** `options` are livekit-client's own RoomOptions; with `key` everything is end-to-end encrypted. */
  async join(url, token, options, connect, key) {
    if (key) options.encryption = await encryption(key);
    room = new Room(options);
    window.room = room;
    room.on(RoomEvent.TrackSubscribed, show);
    room.on(RoomEvent.TrackUnsubscribed, hide);
    room.on(RoomEvent.DataReceived, (payload, participant, kind, topic) =>
      data.push({ from: participant?.identity ?? "", text: new TextDecoder().decode(payload), topic: topic ?? "" }),
    );
    for (const name of [
      "Reconnecting", "Reconnected", "SignalReconnecting", "TrackMuted", "TrackUnmuted", "TrackUnpublished", "ParticipantConnected",
      "ParticipantDisconnected", "LocalTrackUnpublished", "ParticipantPermissionsChanged", "TrackStreamStateChanged",
    ]) room.on(RoomEvent[name], note(name));
    room.on(RoomEvent.Disconnected, (reason) => events.push(`Disconnected ${reason}`));
    if (key) await room.setE2EEEnabled(true);
    await room.connect(url, token, connect);
    return room.localParticipant.sid;
  },
  leave: () => room.disconnect(),
  events: () => events,
  data: () => data,
  sid: () => room.localParticipant.sid,
  token: () => room.engine.token,
  peerConnections: () => (room.engine.pcManager.subscriber ? 2 : 1),
  async publishCamera(options = {}) {
    await room.localParticipant.setCameraEnabled(true, { resolution: { width: 1280, height: 720, frameRate: 15 } }, options);
    return local("camera").trackSid;
  },
  async publishMicrophone() {
    await room.localParticipant.setMicrophoneEnabled(true);
    return local("microphone").trackSid;
  },
  async refusal(what) {
    try {
      await window.stock[what]();
      return "";
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  },
  mute: (source) => local(source).mute().then(() => true),
  unmute: (source) => local(source).unmute().then(() => true),
  unpublish: (source) => room.localParticipant.unpublishTrack(local(source).track).then(() => true),
  published: () => [...room.localParticipant.trackPublications.values()].map((each) => each.source),
  people: () => [...room.remoteParticipants.keys()],
  attributes: (identity) => room.remoteParticipants.get(identity)?.attributes ?? {},
  setAttributes: (values) => room.localParticipant.setAttributes(values),
  quality: (identity, quality) => remote(identity, "camera").setVideoQuality(quality),
  enable: (identity, on) => remote(identity, "camera").setEnabled(on),
  subscribe: (identity, source, on) => remote(identity, source).setSubscribed(on),
  say: (text, options) => room.localParticipant.publishData(new TextEncoder().encode(text), options),
  speakers: () => room.activeSpeakers.map((each) => each.identity),
  simulate: (scenario) => room.simulateScenario(scenario),
  /** Frames shown and their width so far of what `identity` sends, nothing when it is not here. */
  picture(identity) {
    const element = document.querySelector(`video[data-of="${identity}/camera"]`);
    if (!element) return { frames: 0, width: 0 };
    // Firefox counts what is played from a stream in its own way.
    const frames = element.mozPaintedFrames ?? element.getVideoPlaybackQuality().totalVideoFrames;
    return { frames, width: element.videoWidth };
  },
  /** What arrived of a voice: packets, and the energy of what was decoded. */
  async sound(identity) {
    const stats = await remote(identity, "microphone")?.track?.getRTCStatsReport();
    for (const stat of stats?.values() ?? []) {
      if (stat.type === "inbound-rtp") return { packets: stat.packetsReceived ?? 0, energy: stat.totalAudioEnergy ?? 0 };
    }
    return { packets: 0, energy: 0 };
  },
  /** Widths of the layers that the camera sends at this moment. */
  async layers() {
    const found = [];
    for (const stat of (await local("camera").track.getRTCStatsReport()).values()) {
      if (stat.type === "outbound-rtp" && stat.framesSent > 0) found.push(stat.frameWidth ?? 0);
    }
    return found.sort((a, b) => a - b);
  },
};
document.title = "ready";
