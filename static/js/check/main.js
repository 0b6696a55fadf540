/** The check before class: the page's only wiring. */
import { render } from "preact";
import { html, useEffect, useState } from "../ui/html.js";
import { drawFrom, Icon } from "../ui/icon.js";
import * as probes from "./probes.js";
import * as verdicts from "./verdicts.js";
import { asSent, post, tryWays } from "./ways.js";
import { words } from "./words.js";

/** @typedef {import("./verdicts").What} What @typedef {import("./verdicts").Finding} Finding */

const root = /** @type {HTMLElement} */ (document.getElementById("check"));
/** @type {{urls: {begin: string, report: string, back: string}}} */
const page = JSON.parse(document.getElementById("check-data")?.textContent ?? "{}");
const csrf = root.dataset["csrf"] ?? "";
drawFrom(root.dataset["sprite"] ?? "");

const DEVICES = /** @type {const} */ (["browser", "microphone", "camera", "speaker"]);
const ICONS = { good: "circle-check", warn: "triangle-alert", bad: "circle-x", unknown: "circle-help" };

/**
 * Everything in its order; `tell` after each step.
 * @param {{found: (finding: Finding) => void, doing: (what: What) => void, level: (level: number) => void, ways: (what: What[]) => void}} tell
 */
async function checkAll(tell) {
  tell.doing("browser");
  const browser = verdicts.browser(probes.browser());
  tell.found(browser);
  await checkDevices(tell);
  if (browser.verdict === "bad") return;
  tell.doing("secure");
  const given = await post(page.urls.begin, csrf);
  tell.ways(["secure", "udp", "tcp", ...new Set(probes.relays(given.servers).map(({ kind }) => kind)), "line"]);
  const ways = await tryWays(given, tell.doing);
  ways.forEach(tell.found);
  tell.doing("line");
  const reached = ways.some(({ what, verdict }) => what !== "secure" && verdict === "good");
  tell.found(verdicts.line(reached ? await probes.line(given, { iceServers: given.servers }).catch(() => null) : null));
}

/** @param {Parameters<typeof checkAll>[0]} tell */
async function checkDevices(tell) {
  tell.doing("microphone");
  const sound = await probes.device("audio");
  const level = sound.track ? await probes.loudness(sound.track, tell.level).catch(() => null) : null;
  sound.track?.stop();
  tell.found(verdicts.device("microphone", sound.cause, level));
  tell.doing("camera");
  const picture = await probes.device("video");
  picture.track?.stop();
  tell.found(verdicts.device("camera", picture.cause));
}

function Check() {
  const [found, setFound] = useState(/** @type {Partial<Record<What, Finding>>} */ ({}));
  const [ways, setWays] = useState(/** @type {What[]} */ (["secure", "udp", "tcp", "line"]));
  const [doing, setDoing] = useState(/** @type {What | null} */ (null));
  const [state, setState] = useState(/** @type {"before" | "running" | "done"} */ ("before"));
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(/** @type {boolean | null} */ (null));
  const [kept, setKept] = useState(/** @type {string | null} */ (null));
  const speaker = verdicts.speaker(heard);
  const all = [...DEVICES, ...ways];
  const findings = all.flatMap((what) => (what === "speaker" ? [speaker] : (found[what] ?? [])));

  const start = async () => {
    setState("running");
    setFound({});
    setKept(null);
    const tell = {
      found: (/** @type {Finding} */ finding) => setFound((now) => ({ ...now, [finding.what]: finding })),
      doing: setDoing,
      level: setLevel,
      ways: setWays,
    };
    await checkAll(tell).catch((error) => tell.found({ what: "secure", verdict: "bad", words: error.message }));
    setDoing(null);
    setState("done");
  };
  useEffect(() => {
    if (state === "done") void keep(findings).then(setKept);
  }, [state, heard]);

  const done = Object.keys(found).length;
  return html`
    <div class="check">
      <div class="check__head">
        <div role="status">
          ${state === "running" && html`<div class="check__running"><progress max=${all.length - 1} value=${done} aria-label=${words.checking}></progress><span class="quiet">${words.progress(done, all.length - 1)}</span></div>`}
          ${state === "done" && html`<${Result} verdict=${verdicts.worst(findings)} />`}
          ${kept !== null && html`<p class="quiet">${kept}</p>`}
        </div>
        ${state !== "running" &&
        html`<div class="actions">
          <button type="button" class=${state === "done" ? "button button--large" : "button button--primary button--large"} onClick=${start}>${state === "done" ? words.again : words.start}</button>
          ${state === "done" && html`<a class="button button--primary button--large" href=${page.urls.back}>${words.back}</a>`}
        </div>`}
      </div>
      ${[["devices", DEVICES], ["network", ways]].map(
        ([group, lines]) => html`
          <section aria-labelledby=${group}>
            <h2 class="check__title" id=${group}>${words.groups[/** @type {"devices"} */ (group)]}</h2>
            <ul class="rows" role="list">
              ${/** @type {What[]} */ (lines).map((what) =>
                what === "speaker"
                  ? html`<${Line} key=${what} what=${what} finding=${speaker}><${Speaker} heard=${heard} setHeard=${setHeard} /><//>`
                  : html`<${Line} key=${what} what=${what} finding=${found[what]} doing=${doing === what}>
                      ${what === "microphone" && doing === what && html`<p>${words.speak} <meter min="0" max="0.5" value=${level} aria-label=${words.titles.microphone}></meter></p>`}
                    <//>`,
              )}
            </ul>
          </section>
        `,
      )}
    </div>
  `;
}

/** @param {Finding[]} findings @returns {Promise<string>} what became of it, in words */
const keep = (findings) =>
  post(page.urls.report, csrf, { findings: findings.map(asSent) }).then(
    ({ code }) => words.kept(code),
    (error) => `${words.notKept} ${error.message}`,
  );

/** @param {{verdict: "good" | "warn" | "bad"}} props */
const Result = ({ verdict }) => html`
  <p class=${`check__result check__result--${verdict}`}><${Icon} name=${ICONS[verdict]} /><b>${words.results[verdict]}</b></p>
`;

/** @param {{what: What, finding?: Finding, doing?: boolean, children?: any}} props */
const Line = ({ what, finding, doing, children }) => html`
  <li class=${`row check__line check__line--${finding?.verdict ?? "waiting"}`}>
    <span class="check__mark">
      ${doing && !finding ? html`<span class="spinner"></span>` : finding ? html`<${Icon} name=${ICONS[finding.verdict]} />` : null}
      <span class="visually-hidden">${finding ? words.verdicts[finding.verdict] : doing ? words.checking : words.waiting}</span>
    </span>
    <div>
      <b>${words.titles[what]}</b>
      ${finding && html`<p>${finding.words}</p>`}
      ${finding?.mend && html`<p class="check__mend">${finding.mend}</p>`}
      ${children}
    </div>
  </li>
`;

/** @param {{heard: boolean | null, setHeard: (heard: boolean) => void}} props */
function Speaker({ heard, setHeard }) {
  const [played, setPlayed] = useState(false);
  const play = async () => {
    await probes.playNotes();
    setPlayed(true);
  };
  return html`
    <div class="actions check__actions">
      <button type="button" class="button" onClick=${play}><${Icon} name="volume-2" />${words.playNotes}</button>
      ${played && heard !== true && html`<span>${words.heardThem}</span>
        <button type="button" class="button" onClick=${() => setHeard(true)}>${words.yes}</button>
        <button type="button" class="button" onClick=${() => setHeard(false)}>${words.no}</button>`}
    </div>
  `;
}

root.replaceChildren();
render(html`<${Check} />`, root);
