/**
 * Talking for as long as the space bar is held: only for who is muted and may speak, and while nothing has the focus
 * that a space means something to. Letting go mutes again; it never turns a microphone off that was on.
 * @typedef {import("../ui/act").Act} Act
 * @typedef {import("../state/types").State} State
 */
import { may } from "../state/leading.js";
import { look } from "../state/views.js";

const TAKES_SPACE = "button, a, input, textarea, select, summary, dialog, [contenteditable], [role^=menuitem], [role=tab]";

/** @param {() => {state: State, act: Act}} now @param {() => boolean} works @returns {() => void} stops listening */
export function onSpace(now, works) {
  let holding = false;
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || document.activeElement?.closest(TAKES_SPACE)) return;
    event.preventDefault();
    const { state, act } = now();
    if (event.repeat || holding || !works() || look(state.mic) !== "off" || !may(state, "mic")) return;
    holding = true;
    act.toggle("mic");
  };
  const released = () => {
    if (!holding) return;
    holding = false;
    const { state, act } = now();
    if (state.mic.want) act.toggle("mic");
  };
  const up = (/** @type {KeyboardEvent} */ event) => event.key === " " && released();
  document.addEventListener("keydown", pressed);
  document.addEventListener("keyup", up);
  window.addEventListener("blur", released);
  return () => {
    released();
    document.removeEventListener("keydown", pressed);
    document.removeEventListener("keyup", up);
    window.removeEventListener("blur", released);
  };
}
