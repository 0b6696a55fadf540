/** Names for what Django's admin leaves without one: its search, its pickers, the two halves of a moment. And its
    filters close. */

const textOf = (/** @type {Node | null | undefined} */ node) => node?.textContent?.trim().replace(/:$/, "") ?? "";

/** @param {Element} field @param {...string} words */
function call(field, ...words) {
  const said = words.filter(Boolean).join(", ");
  if (said) field.setAttribute("aria-label", said);
}

/** The words in front of a form's row, or above a table's column with those that begin its row. @param {Element} field */
function rowOf(field) {
  const cell = field.closest("td");
  if (!cell) return textOf(field.closest(".fieldBox, .form-row")?.querySelector("label, legend"));
  const row = cell.closest("tr");
  const heads = cell.closest("table")?.querySelectorAll("thead th") ?? [];
  return [textOf(heads[cell.cellIndex]), textOf(row?.querySelector(".original p"))].filter(Boolean).join(", ");
}

function nameAll() {
  const search = document.getElementById("searchbar");
  if (search) call(search, document.querySelector("#changelist-search label img")?.getAttribute("alt") ?? "");
  for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea)")) call(field, rowOf(field));
  for (const empty of document.querySelectorAll(".tabular th:empty")) {
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = textOf(empty.closest("fieldset")?.querySelector(".inline-heading"));
    empty.append(words);
  }
  for (const hint of document.querySelectorAll(".search-label-icon")) hint.setAttribute("role", "img");
  for (const half of document.querySelectorAll(".datetime :is(.vDateField, .vTimeField)")) {
    call(half, rowOf(half), textOf(half.previousSibling));
  }
  for (const picker of document.querySelectorAll(".select2-selection")) {
    const chosen = picker.querySelector(".select2-selection__rendered");
    const words = rowOf(picker);
    picker.removeAttribute("aria-labelledby");
    call(picker, words, chosen?.getAttribute("title") ?? "");
    if (chosen) call(chosen, words);
  }
}

/** Choices of a filter close when something else is pressed. @param {Event} event */
function closeFilters(event) {
  for (const open of document.querySelectorAll("#changelist-filter details[open]")) {
    const inside = event.target instanceof Node && open.contains(event.target);
    if (event instanceof KeyboardEvent ? event.key === "Escape" : !inside) open.removeAttribute("open");
  }
}

document.addEventListener("click", closeFilters);
document.addEventListener("keydown", closeFilters);
nameAll();
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true }); // pickers and rows come later
