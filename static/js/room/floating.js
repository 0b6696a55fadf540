/**
 * The class in a small window of its own, above other apps: the large picture with one's own microphone, hand and the way
 * out. Where browsers have no such windows, the picture alone.
 */
import { render } from "preact";
import { mainPicture } from "../state/seats.js";
import { pictureOf } from "../state/carrying.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui/html.js";
import { whenHidden, windows } from "./floats.js";
import { Small } from "./small.js";
import { words } from "./smallwords.js";

/** @typedef {import("../ui/act").Props} Props */
/** @typedef {{open: boolean, turn: () => void}} Floating */

const SIZE = { width: 420, height: 320 }; // px
const STYLED_WITHIN = 2000; // ms

/** @param {Pick<Props, "state" | "act">} props @returns {Floating} */
export function useFloating(props) {
  return windows() ? useWindow(props) : usePicture(props);
}

/** Whether the class is still shown, for what takes a while. */
function useAlive() {
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  return alive;
}

/** A window with the page's own styles. It closes with the class. @param {Pick<Props, "state" | "act">} props @returns {Floating} */
function useWindow({ state, act }) {
  const [own, setOwn] = useState(/** @type {Window | null} */ (null));
  const alive = useAlive();
  const close = () => own?.close();
  const open = async () => {
    try {
      const made = await windows().requestWindow(SIZE);
      if (alive.current) await dress(made, state.session.title);
      if (!alive.current) return made.close();
      if (made.closed) return;
      made.addEventListener("pagehide", () => {
        render(null, made.document.body); // its picture is let go
        setOwn(null);
      });
      setOwn(made);
    } catch {
      if (alive.current) act.tell(words.failed);
    }
  };
  const back = () => {
    close();
    window.focus();
  };
  useLayoutEffect(() => {
    if (own) render(html`<${Small} state=${state} act=${act} back=${back} />`, own.document.body);
  });
  useEffect(() => () => own?.close(), [own]);
  useEffect(() => {
    if (!state.floats) return;
    whenHidden(() => void open());
    return () => void whenHidden(null);
  }, [state.floats]);
  return { open: own !== null, turn: () => (own ? close() : void open()) };
}

/** Language, direction, theme and styles of this page; nothing is shown without them. @param {Window} made @param {string} title */
async function dress({ document: made }, title) {
  const page = document.documentElement;
  for (const name of ["lang", "dir", "data-theme", "class"]) {
    const value = page.getAttribute(name);
    if (value !== null) made.documentElement.setAttribute(name, value);
  }
  made.title = words.title(title);
  for (const each of document.querySelectorAll("link[rel=stylesheet], meta[name=color-scheme]")) {
    const copy = made.importNode(each);
    if (each instanceof HTMLLinkElement) copy.setAttribute("href", each.href); // whole: the window has no address of its own
    made.head.append(copy);
  }
  made.body.className = "small-page";
  const loaded = [...made.querySelectorAll("link")].map((link) => new Promise((done) => (link.onload = link.onerror = done)));
  await Promise.race([Promise.all(loaded), new Promise((done) => setTimeout(done, STYLED_WITHIN))]);
}

/** The browser's own small window for one video; it follows what is large. @param {Pick<Props, "state" | "act">} props @returns {Floating} */
function usePicture({ state, act }) {
  const [open, setOpen] = useState(false);
  const alive = useAlive();
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const media = mainMedia(state);
  useEffect(() => {
    const element = video.current;
    if (!open || !element || !media) return;
    media.attach(element);
    return () => void media.detach(element);
  }, [open, media]);
  const close = () => void (document.pictureInPictureElement && document.exitPictureInPicture());
  useEffect(() => close, []);
  const start = async () => {
    if (!media) return act.tell(words.noPicture);
    const element = Object.assign(document.createElement("video"), { muted: true, playsInline: true, autoplay: true });
    video.current = element;
    element.addEventListener("leavepictureinpicture", () => setOpen(false));
    media.attach(element);
    try {
      await element.play();
      await element.requestPictureInPicture();
      if (alive.current) return setOpen(true);
      close();
    } catch {
      if (alive.current) act.tell(words.failed);
    }
    media.detach(element);
  };
  return { open, turn: () => (open ? close() : void start()) };
}

/** @param {Props["state"]} state */
function mainMedia(state) {
  const main = mainPicture(state);
  return main && pictureOf(state, main);
}
