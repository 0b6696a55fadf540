import { mainScreen } from "../state/screens.js";
import { look, screens } from "../state/views.js";
import { words as chatWords } from "../chat/words.js";
import { words } from "../files/words.js";
import { words as pollWords } from "../polls/words.js";
import { words as leadingWords } from "../leading/words.js";
import { words as guests } from "../guests/words.js";
import { words as recordingWords } from "../recording/words.js";
import { noticeText, text } from "../text.js";
import { Brand } from "../ui/brand.js";
import { html, useEffect, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Connection } from "./connection.js";
import { ReactionCounts } from "./react.js";
import { RecordingBadge } from "./recording.js";
import { LeaveButton } from "./leave.js";
import { LockBadge } from "./rules.js";
import { LayoutButton } from "./viewing.js";
import { canFloat } from "./floats.js";
import { keyChoices } from "./keychoices.js";
import { words as keyWords } from "./keywords.js";
import { canShare } from "./share.js";
import { fullScreen, spoken, written } from "./shortcuts.js";
import { words as smallWords } from "./smallwords.js";

const ASKS = 20_000; // ms; a question

/** @typedef {import("../state/types").DeviceKind | null} Choosing of which device the menu is open */
/** @typedef {import("../ui/act").Props & {form: import("./room").Form, end: () => void, mark: () => void, rules: () => void, alerts: () => void, help: () => void, treat: (what: "sound" | "background") => void, kept: {open: boolean, turn: (open: boolean) => void}, choosing: Choosing, onChoosing: (device: Choosing | ((now: Choosing) => Choosing)) => void, floating: import("./floating").Floating, shown: string[], onShown: (ids: string[]) => void}} Parts `kept`: what is said of the recording; `shown`: who has a place on the stage, by id */

/**
 * Title, notice, full screen; on phones the way out. The heading is for those who listen: it has the focus on entering.
 * @param {Parts & {heading: import("preact").RefObject<HTMLElement | null>}} props
 */
export function Header({ state, act, page, form, end, rules, kept, onChoosing, floating, shown, heading }) {
  const alone = Object.keys(state.people).length === 1 && !state.notice;
  return html`
    <header class="room__header">
      <h1 class="room__heading" ref=${heading} tabindex="-1">${state.session.title}</h1>
      <${Brand} school=${page.school} small=${form === "phone" || form === "low"} />
      <div class="room__title">
        <b><bdi>${state.session.title}</bdi></b> <span class="room__course"><bdi>${state.session.course}</bdi></span>
        <${Presents} state=${state} />
      </div>
      <${RecordingBadge} ...${{ state, act, page, kept }} />
      <${LockBadge} state=${state} open=${rules} />
      <div class="room__slot">
        ${!state.notice && html`<${ReactionCounts} state=${state} />`}
        ${state.notice && html`<${Notice} key=${state.notice.n} ...${{ state, act, kept, onChoosing }} />`}
        ${alone && form !== "phone" && form !== "low" && html`<span class="room__alone">${text.alone}</span>`}
      </div>
      ${form !== "phone" && form !== "low" && html`<${LayoutButton} state=${state} act=${act} shown=${shown} />`}
      ${form !== "phone" && form !== "low" && canFloat() && html`<${SmallWindow} floating=${floating} />`}
      <${Connection} state=${state} />
      ${form === "phone" ? html`<${LeaveButton} state=${state} act=${act} end=${end} small />` : html`<${FullScreen} />`}
    </header>
  `;
}

/** Whose screen is on the stage: said here, nothing lies on the screen itself. @param {Pick<Parts, "state">} props */
function Presents({ state }) {
  const id = mainScreen(state);
  if (!id) return null;
  const count = screens(state).length;
  const words = count > 1 ? text.screensShared(count) : id === state.you.id ? text.youShare : text.shares(state.people[id]?.name ?? "");
  return html`<span class="room__presents"><${Icon} name="monitor" /><bdi>${words}</bdi></span>`;
}

/** @param {{floating: import("./floating").Floating}} props */
function SmallWindow({ floating }) {
  const word = floating.open ? smallWords.close : smallWords.open;
  const keys = "Ctrl+Alt+W";
  const { on } = keyChoices.value;
  return html`
    <button type="button" class="button button--quiet icon-button tip-below" aria-label=${word} aria-keyshortcuts=${on ? spoken(keys) : undefined} data-tip=${on ? `${word} (${written(keys, keyWords.names)})` : word} onClick=${floating.turn}>
      <${Icon} name="picture-in-picture-2" />
    </button>
  `;
}

function FullScreen() {
  const [full, setFull] = useState(Boolean(document.fullscreenElement));
  useEffect(() => {
    const changed = () => setFull(Boolean(document.fullscreenElement));
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const word = full ? text.exitFullScreen : text.fullScreen;
  return html`
    <button type="button" class="button button--quiet icon-button tip-below" aria-label=${word} data-tip=${word} onClick=${fullScreen}>
      <${Icon} name=${full ? "minimize" : "maximize"} />
    </button>
  `;
}

/** For 5 s, 8 s with an action, where reading is slow, and a question for longer; held while the pointer or the focus is on it. @param {Pick<Parts, "state" | "act" | "kept" | "onChoosing">} props */
function Notice({ state, act, kept, onChoosing }) {
  const notice = /** @type {NonNullable<Parts["state"]["notice"]>} */ (state.notice);
  const [held, setHeld] = useState(false);
  const actions = actionsOf(notice.what, state, act, { kept, onChoosing });
  const asks = ["asked", "may_speak", "may_share"].includes(notice.what.kind);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => act.noticeOver(notice.n), asks ? ASKS : actions.length ? 8000 : 5000);
    return () => clearTimeout(timer);
  }, [held, notice.n]);
  const hold = { onMouseEnter: () => setHeld(true), onMouseLeave: () => setHeld(false), onFocusIn: () => setHeld(true), onFocusOut: () => setHeld(false) };
  const done = (/** @type {() => void} */ what) => {
    what();
    act.noticeOver(notice.n);
  };
  return html`
    <div class="notice" ...${hold}>
      <${Icon} name=${ICONS[notice.what.kind]} />
      <span>${noticeText(notice.what)}</span>
      ${actions.map((each) => html`<button key=${each.word} type="button" class="notice__action" onClick=${() => done(each.act)}>${each.word}</button>`)}
    </div>
  `;
}

/** @type {Record<import("../state/types").Notice["kind"], string>} */
const ICONS = {
  hands: "hand",
  knock: "hourglass",
  hand_lowered: "hand",
  unplugged: "headphones",
  talking_muted: "mic-off",
  weak_line: "signal-low",
  share_failed: "monitor-x",
  screen_taken: "monitor-x",
  carries: "users",
  effect: "image",
  files: "file",
  recording: "disc",
  marked: "bookmark",
  lost: "circle-help",
  lost_noted: "circle-help",
  whisper: "lock",
  material: "file",
  stopped: "mic-off",
  all_muted: "mic-off",
  asked: "mic",
  may_speak: "mic",
  may_share: "monitor-up",
  rules: "shield",
  no_captions: "captions",
  role: "users",
  appointed: "users",
  lead: "crown",
  locked: "lock",
  poll: "chart-bar",
  poll_over: "chart-bar",
  poll_shown: "chart-bar",
  poll_gone: "chart-bar",
  refused: "info",
};

/** @param {import("../state/types").Notice} what @param {Parts["state"]} state @param {Parts["act"]} act @param {Pick<Parts, "kept" | "onChoosing">} open */
function actionsOf(what, state, act, { kept, onChoosing }) {
  const unmute = { word: text.unmute, act: () => act.unmute() };
  if (what.kind === "talking_muted") return [unmute];
  if (what.kind === "recording" && what.state === "on" && state.recording) return [{ word: recordingWords.ask, act: () => kept.turn(true) }];
  if (what.kind === "unplugged" && what.now) return [{ word: text.change, act: () => onChoosing(what.device === "speaker" ? "mic" : what.device) }];
  if (what.kind === "lead" && what.back) return [{ word: leadingWords.takeBack, act: () => act.lead({ type: "hand_lead", participant: state.you.id ?? "" }) }];
  if (what.kind === "appointed" && what.role === "teacher") return [{ word: leadingWords.undo, act: () => act.lead({ type: "appoint", participant: what.id, co_teacher: false }) }];
  if (what.kind === "weak_line" && !state.soundOnly) return [{ word: text.soundOnly, act: () => act.soundOnly(true) }];
  if (what.kind === "carries" && !state.showAll) return [{ word: text.showAll, act: () => act.showAll(true) }];
  if (what.kind === "effect" && (what.what === "slow" || what.what === "broken") && look(state.camera) === "on") return [{ word: text.stopVideo, act: () => act.toggle("camera") }];
  if (what.kind === "asked" || what.kind === "may_speak") return [unmute, { word: leadingWords.notNow, act: () => {} }];
  if (what.kind === "may_share" && canShare()) return [{ word: text.share, act: () => act.share() }, { word: leadingWords.notNow, act: () => {} }];
  if (what.kind === "stopped" && what.what === "mic" && !what.locked) return [unmute];
  if ((what.kind === "files" || what.kind === "material") && state.panel !== "files") return [{ word: words.show, act: () => act.openPanel("files") }];
  if (what.kind === "whisper" && state.panel !== "chat") return [{ word: chatWords.show, act: () => act.openPanel("chat") }];
  if (what.kind === "knock") {
    const [only, ...others] = what.people;
    const one = only && !others.length ? [{ word: guests.letIn, act: () => act.lead({ type: "let_in", participant: only.id }) }] : [];
    return [...one, ...(state.panel === "people" ? [] : [{ word: guests.show, act: () => act.openPanel("people") }])];
  }
  if (what.kind === "hands" && state.panel !== "people") return [{ word: text.notices.showPeople, act: () => act.openPanel("people") }];
  if ((what.kind === "poll_over" || what.kind === "poll_shown") && state.panel !== "polls") return [{ word: pollWords.see, act: () => act.openPanel("polls") }];
  return [];
}
