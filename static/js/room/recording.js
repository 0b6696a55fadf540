import { marks } from "../recording/marks.js";
import { words } from "../recording/words.js";
import { clock, countdown } from "../ui/times.js";
import { html, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { Menu } from "../ui/menu.js";
import { BarButton } from "./button.js";
import { Note } from "./note.js";

/** @typedef {import("../ui/act").Props} Props */

/** What a teacher may do now: rows of a menu. @param {Props["state"]} state @param {Props["act"]} act @param {() => void} mark */
export function recordingRows({ recording, recordAsked }, act, mark) {
  if (recordAsked) return [{ label: words.startingShort, icon: "disc", act: () => {} }];
  if (!recording) return [{ label: words.record, icon: "disc", act: () => act.record("on") }];
  const turn = recording.state === "on" ? { label: words.pause, icon: "pause", act: () => act.record("paused") } : { label: words.resume, icon: "disc", act: () => act.record("on") };
  const moment = recording.state === "on" ? [{ label: marks.mark, icon: "bookmark", act: mark }] : [];
  return [...moment, turn, { label: words.stop, icon: "square", danger: true, act: () => act.record("off") }];
}

const FORMS = [words.record, words.startingShort, words.stopShort];

/** The teacher's button in the bar. @param {Pick<Props, "state" | "act"> & {mark: () => void}} props */
export function RecordButton({ state, act, mark }) {
  const [open, setOpen] = useState(false);
  const { recording, recordAsked } = state;
  const begin = { word: recordAsked ? words.startingShort : words.record, forms: FORMS, busy: recordAsked, act: () => recordAsked || act.record("on") };
  if (!recording) return html`<${BarButton} look="plain" icon="disc" ...${begin} />`;
  return html`
    <div class="menu-anchor">
      <${BarButton} look="recording" icon="square" word=${words.stopShort} forms=${FORMS} name=${words.menu} haspopup expanded=${open} act=${() => setOpen(!open)} />
      ${open && html`<${Menu} label=${words.menu} groups=${[{ rows: recordingRows(state, act, mark) }]} onClose=${() => setOpen(false)} />`}
    </div>
  `;
}

/** How the badge looks; null: there is none. @param {Props["state"]} state */
export function badgeLook({ recording, safe }) {
  if (!recording) return null;
  return recording.state === "on" && safe?.trouble ? "risk" : recording.state;
}

/** @param {{look: NonNullable<ReturnType<typeof badgeLook>>}} props */
export const BadgeIcon = ({ look }) => html`<${Icon} name=${look === "risk" ? "triangle-alert" : look === "paused" ? "pause" : "disc"} />`;

/** In sight of everybody as long as it records; opens what is kept, and how safely. @param {Pick<import("./header").Parts, "state" | "act" | "page" | "kept">} props */
export function RecordingBadge({ state, act, page, kept }) {
  const look = badgeLook(state);
  if (!look) return null;
  return html`
    <div class="menu-anchor">
      <button type="button" class=${`rec rec--${look}`} aria-expanded=${String(kept.open)} aria-label=${words.badgeName(words.badge[look])} onClick=${() => kept.turn(!kept.open)}>
        <${BadgeIcon} look=${look} /><span class="rec__long">${words.badge[look]}</span><span class="rec__short">${words.short[look]}</span>
      </button>
      ${kept.open && html`<${Note} icon="disc" title=${words.badge[look]} lines=${lines(state)} onClose=${() => kept.turn(false)}><${Own} state=${state} act=${act} page=${page} /><//>`}
    </div>
  `;
}

/** @param {Props["state"]} state @returns {string[]} */
function lines({ recording, safe }) {
  if (!recording) return [];
  const begun = words.begun(recording.by, clock(recording.started_at));
  if (recording.state === "paused") return [begun, words.paused];
  if (safe?.trouble) return [safe.trouble, words.riskMend];
  const stored = safe
    ? [safe.sound === null ? words.noSound : words.sound(countdown(safe.sound * 1000)), safe.screen === null ? words.noPicture : words.picture(countdown(safe.screen * 1000))]
    : [words.starting];
  return [begun, ...stored, words.what];
}

/** Whether one is recorded oneself, and the way to change it; the way to what there is. @param {Pick<Props, "state" | "act" | "page">} props */
function Own({ state, act, page }) {
  const recorded = isRecorded(state);
  const wished = state.consenting ?? recorded;
  return html`
    <p class="mend__line">${recorded ? words.youAre : words.youAreNot}${wished !== recorded && ` ${words.onItsWay}`}</p>
    <div class="actions"><button type="button" class="button button--row" onClick=${() => act.consent(!wished)}>${wished ? words.notMe : words.recordMe}</button>${page.urls.recording && html`<a class="button button--row" href=${page.urls.recording} target="_blank">${words.watch}</a>`}</div>
  `;
}

/** @param {Props["state"]} state */
const isRecorded = (state) => state.consent ?? (!state.asksConsent || isTeacher(state));

/** A co-teacher is a student all the same: asked like the others. @param {Props["state"]} state */
const isTeacher = ({ you, people }) => you.role === "teacher" && !people[you.id ?? ""]?.co_teacher;

/** Asked once of students, as long as they have not answered. @param {Pick<import("./header").Parts, "state" | "act" | "kept">} props */
export function ConsentStrip({ state, act, kept }) {
  const { recording, consent, consenting, asksConsent } = state;
  if (!recording || (consent ?? consenting) !== null || isTeacher(state)) return null;
  return html`
    <div class="room__strip room__strip--asks">
      <span>${asksConsent ? words.consentAsked : words.consentTold} <button type="button" class="as-link" onClick=${() => kept.turn(true)}>${words.ask}</button></span>
      <span class="actions">
        <button type="button" class="button button--row" onClick=${() => act.consent(true)}>${asksConsent ? words.agree : words.understood}</button>
        <button type="button" class="button button--row" onClick=${() => act.consent(false)}>${words.decline}</button>
      </span>
    </div>
  `;
}
