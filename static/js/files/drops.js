/**
 * Files that are dropped on an element with `data-drop` are for what that says; nowhere do they replace the page.
 * @param {(target: string, files: File[]) => void} taken
 * @returns {() => void} an end to it
 */
export function takeDrops(taken) {
  /** @type {HTMLElement | null} */ let over = null;
  const mark = (/** @type {HTMLElement | null} */ element) => {
    if (element === over) return;
    over?.removeAttribute("data-drop-over");
    element?.setAttribute("data-drop-over", "");
    over = element;
  };
  const move = (/** @type {DragEvent} */ event) => {
    if (!carries(event) || !event.dataTransfer) return;
    event.preventDefault();
    mark(target(event));
    event.dataTransfer.dropEffect = over ? "copy" : "none";
  };
  const leave = (/** @type {DragEvent} */ event) => event.relatedTarget === null && mark(null);
  const drop = (/** @type {DragEvent} */ event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const id = target(event)?.dataset["drop"];
    mark(null);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length && id !== undefined) taken(id, files);
  };
  document.addEventListener("dragover", move);
  document.addEventListener("dragleave", leave);
  document.addEventListener("drop", drop);
  return () => {
    document.removeEventListener("dragover", move);
    document.removeEventListener("dragleave", leave);
    document.removeEventListener("drop", drop);
  };
}

/** @param {DragEvent} event */
const carries = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

/** @param {DragEvent} event */
const target = (event) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-drop]") ?? null);
