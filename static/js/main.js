/** The room page's only wiring: state, transports and views meet here and nowhere else. */
import { timeline } from "./media/timeline.js"; // first: it watches all connections
import { signal } from "@preact/signals";
import { render } from "preact";
import { Captions } from "./captions/captions.js";
import { recallCaptions, rememberCaptions } from "./captions/choices.js";
import { hindrance } from "./chat/attaching.js";
import { Composer } from "./chat/composer.js";
import { ClassroomSocket } from "./classroom/socket.js";
import { forgetOwn, keepOwn, ownPicture } from "./media/background/own.js";
import { Capacity } from "./media/capacity.js";
import { Call } from "./media/call.js";
import { recall, remember } from "./media/choices.js";
import { Devices } from "./media/devices.js";
import { DirectLink } from "./media/direct.js";
import { Echo } from "./media/echo.js";
import { Chime } from "./media/chime.js";
import { MediaLink } from "./media/link.js";
import { MediaRoom } from "./media/room.js";
import { Screen } from "./media/screen.js";
import { recallView, rememberView } from "./room/viewchoices.js";
import { chimeOf } from "./state/chimes.js";
import { leads, may } from "./state/leading.js";
import { isInWaitingRoom } from "./state/lobby.js";
import { presenter } from "./state/screens.js";
import { initial, reduce } from "./state/state.js";
import { FilePost, MOST_FILES } from "./files/post.js";
import { Uploads } from "./files/upload.js";
import { words } from "./files/words.js";
import { words as pollWords } from "./polls/words.js";
import { lookForRecording } from "./recording/kept.js";
import { marks } from "./recording/marks.js";
import { findOut, NOT_FOUND_OUT } from "./check/trouble.js";
import { arriving, handUp, isSending, look, shouldRetry, troubled } from "./state/views.js";
import { tellTimesIn } from "./ui/times.js";
import { App } from "./ui/app.js";
import { language } from "./ui/catalogue.js";
import { html } from "./ui/html.js";
import { drawFrom } from "./ui/icon.js";

/** @typedef {import("./state/types").DeviceKind} DeviceKind */

/** What this person chooses of how they look at the class, and of what they hear. */
const VIEWING = ["layout", "pin", "corner", "page", "show_all", "floats", "alerts"];
const REACTION_STAYS = 5000; // ms

const root = /** @type {HTMLElement} */ (document.getElementById("room"));
/** @type {import("./state/state").PageData} */
const page = JSON.parse(document.getElementById("room-data")?.textContent ?? "{}");
drawFrom(new URL(root.dataset["sprite"] ?? "", location.href).href);
tellTimesIn(page.timeZone);

const kept = recall(localStorage);
const state = signal(initial(page, kept, recallView(localStorage, page.session.id), recallCaptions(localStorage)));
let devices = new Devices(deviceListener(), kept, page.effects);
/** @type {Set<(level: number) => void>} */ const levels = new Set();

/** @param {import("./state/types").Event} event */
function tell(event) {
  state.value = reduce(state.value, event, Date.now());
  if (VIEWING.includes(event.type)) rememberView(localStorage, page.session.id, state.value);
  if (state.value.media === "on" && state.value.phase === "inside") capacity.start();
  if (event.type === "share" && event.state === "off") screen.giveBack();
  direct.look(state.value);
  composer.look(state.value);
  captions.look();
}

const direct = new DirectLink({
  tell,
  send: (signal) => socket.send({ type: "signal", ...signal }),
  makeCall: (id, peer, begins, sides) =>
    new Call(id, peer, begins, media.callWays, {
      ...sides,
      sent,
      original: () => state.value.effects.original,
      expected: () => arriving(state.value, peer),
      spare: () => media.voiceOf(peer),
    }),
});

/** What others are to get: a microphone that is to be muted on entering waits until it is. */
function sent() {
  const { mic, camera, wanted, states } = devices;
  const muted = mic && !wanted.mic && !mic.isMuted;
  const own = { ...(mic && !muted && { mic }), ...(camera && states.camera === "on" && { camera }), ...media.shared() };
  return Object.fromEntries(Object.entries(own).map(([kind, track]) => [kind, track.mediaStreamTrack]));
}

const socket = new ClassroomSocket(new URL(page.socket, location.href.replace(/^http/, "ws")).href, {
  heard(message) {
    const wasInside = state.value.phase === "inside";
    obey(message);
    ring(chimeOf(state.value, message));
    tell(message);
    if (message.type === "joined" || message.type === "resumed") devices.inRoom = true;
    media.heard(message);
    screen.heard(message);
    captions.heard(message);
    if (message.type !== "signalled" || message.purpose === "call") direct.heard(message);
    post.heard(message);
    if (message.type === "reactions") setTimeout(() => tell({ type: "reactions_over", before: Date.now() - REACTION_STAYS }), REACTION_STAYS + 50);
    if (message.type === "ice_servers") direct.use(media.callWays);
    if (message.type === "class_ended" || message.type === "moved") leaveMedia();
    if (["barred", "removed", "over", "turned_away"].includes(state.value.phase)) {
      composer.close();
      leaveMedia();
    }
    if (wasInside && state.value.phase === "waiting") {
      leaveMedia();
      openDevices();
    }
    if (message.type === "class_ended" && page.urls.recordings) void lookForRecording(page.urls.recordings, (kept) => tell({ type: "kept", kept }));
    if (message.type === "hello" && message.you.lobby === "let_in" && shouldRetry(state.value, Date.now())) join();
  },
  opened() {
    tell({ type: "socket_open" });
    uploads.goOn();
  },
  lost: () => tell({ type: "socket_lost" }),
  signedOut() {
    tell({ type: "signed_out" });
    leaveMedia();
  },
});

/**
 * What a message takes from this person ends here as well, before it is told: nothing opens by itself once it is
 * allowed again. The media server holds it in any case.
 * @param {import("./classroom/protocol").ServerMessage} message
 */
function obey(message) {
  const before = state.value;
  const after = reduce(before, message, Date.now());
  if (message.type === "waiting" && before.phase === "inside") breakOff();
  const lost = (/** @type {"mic" | "camera" | "screen"} */ kind) => may(before, kind) && !may(after, kind);
  const stopped = message.type === "stopped" && (message.participant === null ? !leads(before) : message.participant === before.you.id) ? message.what : null;
  for (const kind of /** @type {const} */ (["mic", "camera"])) if ((lost(kind) || stopped === kind) && devices.wanted[kind]) void devices.want(kind, false);
  const dismissed = leads(before) && !leads(after);
  if ((lost("screen") || stopped === "screen" || dismissed) && before.share === "on") void media.share(false, granted);
}
const screen = new Screen({ send: (message) => socket.send(message), need: () => !leads(state.value) });
const granted = () => screen.ask();

const capacity = new Capacity({
  pictures: async () => media.room?.pictures() ?? [],
  carries: (most) => tell({ type: "carries", most }),
  hidden: () => document.visibilityState === "hidden",
  cores: navigator.hardwareConcurrency || 2,
});

/** @type {Uploads} */
const uploads = new Uploads({ tell, address: page.urls.materials ?? "", csrf: page.csrf, remove: (id) => void act.removeMaterial(id) });

const composer = new Composer({ state: () => state.value, tell, socket, uploads, remove: (id) => void act.removeMaterial(id) });

const captions = new Captions({
  state: () => state.value,
  tell,
  send: (message) => socket.send(message),
  track: () => devices.mic?.mediaStreamTrack,
  keep: (chosen) => rememberCaptions(localStorage, chosen),
  language,
});

const post = new FilePost({
  tell,
  send: (message) => socket.send(message),
  ways: () => media.callWays,
  nameOf: (id) => state.value.people[id]?.name ?? "",
  save,
  script: page.urls.fileWorker,
});

/** @param {Blob} file @param {string} name */
function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const media = new MediaLink({
  tell,
  resume: () => socket.resume(),
  makeRoom: (listener) => new MediaRoom(listener, state.value.chosen.speaker, () => state.value.effects.original),
  devices: () =>
    /** @type {const} */ (["mic", "camera"]).flatMap((kind) => {
      const track = devices[kind];
      return track ? [{ kind, track, on: devices.wanted[kind] }] : [];
    }),
});

/** @returns {import("./media/devices").Listener} */
function deviceListener() {
  return {
    tell(event) {
      tell(event);
      if (event.type === "want" || event.type === "chosen" || event.type === "effects") keep();
    },
    opened(kind, track) {
      if (media.connected) void media.publish(kind, track, devices.wanted[kind]);
    },
    level: (level) => levels.forEach((heard) => heard(level)),
    speaker: (id) => void media.room?.speaker(id),
  };
}

function keep() {
  remember(localStorage, wanted());
}

/** What this person wants of their devices. */
function wanted() {
  const { mic, camera, chosen, effects } = state.value;
  return { mic: mic.want, camera: camera.want, devices: chosen, effects };
}

/** One's own background, as it lies in this browser. */
async function showOwnPicture() {
  const picture = await ownPicture();
  if (state.value.ownPicture) URL.revokeObjectURL(state.value.ownPicture);
  tell({ type: "own_picture", address: picture && URL.createObjectURL(picture) });
}

/** Why nothing is seen and heard, told on the page and to the school's support. */
async function trouble() {
  tell({ type: "trouble", trouble: "searching" });
  const { probe, trouble: report } = page.urls;
  const found = probe && report ? await findOut(probe, report, page.csrf, timeline) : NOT_FOUND_OUT;
  if (state.value.trouble) tell({ type: "trouble", trouble: found });
}

/** One that was turned off while it could not be sent is in nobody's hands yet. @param {DeviceKind} device @param {boolean} on */
async function want(device, on) {
  await devices.want(device, on);
  const track = devices[device];
  if (on && track && !track.isMuted && media.connected) void media.publish(device, track, true);
}

const chime = new Chime();

/** @param {import("./state/chimes").Chime | null} name */
function ring(name) {
  if (name && state.value.phase === "inside") void chime.ring(name, state.value.chosen.speaker);
}

function leaveMedia() {
  direct.leave();
  media.leave();
  devices.close();
  capacity.stop(); // last: what the others tell may start it
}

/** What is under way from this page to others. */
function breakOff() {
  post.leave();
  composer.close();
  uploads.close();
}

function openDevices() {
  devices = new Devices(deviceListener(), wanted(), page.effects);
  void devices.open();
}

function join() {
  if (state.value.phase === "joining") return;
  tell({ type: "join_asked" });
  socket.join();
}

/** @type {import("./ui/act").Act} */
const act = {
  join,
  stopWaiting() {
    if (isInWaitingRoom(state.value)) socket.leave();
    tell({ type: "go_back" });
  },
  leave() {
    breakOff();
    socket.leave();
    leaveMedia();
    tell({ type: "left" });
  },
  joinAgain() {
    openDevices();
    join();
  },
  useHere() {
    socket.reopen();
    openDevices();
    tell({ type: "join_asked" });
    socket.join();
  },
  endClass: () => socket.endClass(),
  unmute: () => void want("mic", true),
  lead: (message) => socket.later(message),
  toggle(device) {
    if (!may(state.value, device)) return tell({ type: "notice", what: { kind: "locked", what: device } });
    const now = look(state.value[device]);
    if (now === "on" || now === "off" || now === "asking") void want(device, now === "off");
    else void devices.again(device);
  },
  tryAgain: (device) => void devices.again(device),
  giveUp: (device) => void devices.want(device, false),
  choose: (device, id) => void devices.choose(device, id),
  treat: (change) => void devices.treat(change),
  seeOwnPicture: () => void showOwnPicture(),
  async ownPicture(file) {
    try {
      if (file) await keepOwn(file);
      else await forgetOwn();
    } catch {
      return tell({ type: "notice", what: { kind: "effect", what: "no_picture" } });
    }
    await showOwnPicture();
    if (file) await devices.treat({ background: "own" });
    else if (state.value.effects.background === "own") await devices.treat({ background: "" });
  },
  echo(told) {
    const echo = new Echo(devices.mic?.mediaStreamTrack, state.value.chosen.speaker, told);
    const hear = (/** @type {number} */ level) => echo.hear(level);
    levels.add(hear);
    void echo.run().finally(() => levels.delete(hear));
    return () => echo.stop();
  },
  async share() {
    const asking = () => state.value.share === "asking";
    const on = state.value.share !== "on";
    const other = on && presenter(state.value, Date.now());
    if (other) return tell({ type: "notice", what: { kind: "screen_taken", ...other } });
    if ((on && !media.connected) || asking()) return;
    if (on) tell({ type: "share", state: "asking" });
    try {
      await media.share(on, granted);
    } catch {
      tell({ type: "notice", what: { kind: "share_failed" } });
    }
    if (asking()) tell({ type: "share", state: "off" });
  },
  soundOn() {
    void media.room?.sound();
    for (const sound of root.querySelectorAll("audio")) void sound.play();
  },
  tryAnotherWay: () => media.tryAnotherWay(),
  hand: () => (handUp(state.value) ? socket.lowerHand() : socket.raiseHand()),
  lowerHand: (participant) => socket.lowerHand(participant === state.value.you.id ? undefined : participant),
  write: (draft) => tell({ type: "draft", draft }),
  send: () => composer.send(),
  sayAgain: (key) => composer.sayAgain(key),
  unsay: (key) => composer.unsay(key),
  attach(files) {
    tell({ type: "panel", panel: "chat" });
    const why = hindrance(state.value, files, page.files);
    if (why) return act.tell(why);
    const keys = uploads.keep(files);
    tell({ type: "draft", draft: { attached: [...state.value.draft.attached, ...keys] } });
  },
  detach: (upload) => composer.detach(upload),
  deleteMessage: (message) => socket.change({ type: "delete_message", message }),
  reactTo: (message, emoji, on) => socket.change({ type: "react_to", message, emoji, on }),
  react: (emoji) => void socket.send({ type: "react", emoji }),
  loadEarlier() {
    const before = state.value.messages[0]?.id;
    if (before === undefined || state.value.earlierAsked || !socket.send({ type: "history", before })) return;
    tell({ type: "earlier_asked" });
  },
  saveChat(kind) {
    const link = document.createElement("a");
    link.href = `${page.urls.class}chat.${kind}`;
    link.download = "";
    link.click();
  },
  tell: (text) => tell({ type: "notice", what: { kind: "refused", text, mend: null } }),
  sendFiles(participant, files) {
    if (files.length > MOST_FILES) return tell({ type: "notice", what: { kind: "refused", text: words.tooMany, mend: words.tooManyMend } });
    post.offer(participant, files);
    tell({ type: "panel", panel: "files" });
  },
  draftPoll: (draft) => tell({ type: "poll_draft", draft }),
  askPoll({ question, choices, several, byName, live }) {
    const key = crypto.randomUUID();
    tell({ type: "poll_draft", draft: { key } });
    socket.ask({ type: "ask_poll", key, question: question.trim(), choices: choices.map((each) => each.trim()).filter(Boolean), several, by_name: byName, live });
  },
  askYesNo: () => socket.ask({ type: "ask_poll", key: crypto.randomUUID(), question: pollWords.yesNo, choices: [pollWords.yes, pollWords.no] }),
  vote(poll, chosen) {
    tell({ type: "voting", poll, chosen });
    socket.vote({ type: "vote", poll, chosen });
  },
  caption: (change) => captions.choose(change),
  record(wanted) {
    if (wanted === "on" && !state.value.recording) tell({ type: "record_asked" });
    socket.later({ type: "record", wanted });
  },
  consent(given) {
    tell({ type: "consent", given });
    socket.consent(given);
  },
  markMoment(title, ago) {
    const sent = socket.send({ type: "mark_moment", title, ago });
    if (!sent) tell({ type: "notice", what: { kind: "refused", text: marks.notSent, mend: marks.notSentMend } });
  },
  lostHere() {
    const sent = socket.send({ type: "lost_here" });
    if (!sent) tell({ type: "notice", what: { kind: "refused", text: marks.lostNotSent, mend: null } });
  },
  addMaterials(files) {
    uploads.add(files);
    tell({ type: "panel", panel: "files" });
  },
  cancelUpload: (key) => uploads.cancel(key),
  async removeMaterial(id) {
    const answer = await fetch(`${page.urls.materials}${id}/`, { method: "DELETE", headers: { "X-CSRFToken": page.csrf }, keepalive: true }).catch(() => null);
    if (answer?.ok || answer?.status === 404) return;
    const { detail = words.notRemoved, mend = null } = (await answer?.json().catch(() => null)) ?? {};
    tell({ type: "notice", what: { kind: "refused", text: detail, mend } });
  },
  answerFiles: (key, yes) => post.answer(key, yes),
  cancelFiles: (key) => post.cancel(key),
  saveFiles: (key) => post.save(key),
  forgetFiles: (key) => post.forget(key),
  openPanel: (panel) => tell({ type: "panel", panel }),
  turnPage: (number) => tell({ type: "page", page: number }),
  arrange: (layout) => tell({ type: "layout", layout }),
  pin: (participant) => tell({ type: "pin", participant }),
  hear: (participant, volume) => tell({ type: "volume", participant, volume }),
  moveOwn: (corner) => tell({ type: "corner", corner }),
  floats: (on) => tell({ type: "floats", on }),
  showAll: (on) => tell({ type: "show_all", on }),
  soundOnly(on) {
    tell({ type: "sound_only", on });
    if (on && look(state.value.camera) === "on") void want("camera", false);
  },
  alert(chosen) {
    tell({ type: "alerts", chosen });
    for (const name of /** @type {const} */ (["hands", "knock", "whisper"])) if (chosen[name]) ring(name);
  },
  sayGathered: (kind) => tell({ type: "say_gathered", kind }),
  noticeOver: (n) => tell({ type: "notice_over", n }),
  onLevel(heard) {
    levels.add(heard);
    return () => levels.delete(heard);
  },
};

const Page = () => html`<${App} state=${state.value} act=${act} page=${page} />`;
render(html`<${Page} />`, root);

captions.begin();
if (state.value.phase === "before") {
  socket.connect();
  void devices.open();
}
setInterval(() => shouldRetry(state.value, Date.now()) && join(), 1000);
setInterval(() => troubled(state.value, Date.now()) && void trouble(), 1000);
addEventListener("beforeunload", (event) => isSending(state.value) && event.preventDefault());
addEventListener("pagehide", () => composer.close());
addEventListener("online", () => socket.retryNow());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.retryNow());
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => devices.wake(), { passive: true });
