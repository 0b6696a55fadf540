/** Bring what is current into view inside its list; the page itself stays where it is. @param {HTMLElement | null} list */
export function follow(list) {
  const current = list?.querySelector("[aria-current]");
  if (!list || !current) return;
  const { top, bottom } = current.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  const room = Math.min(frame.height / 3, 96); // so that what comes next is seen, too
  if (top < frame.top) list.scrollTop += top - frame.top - room;
  else if (bottom > frame.bottom - room) list.scrollTop += bottom - frame.bottom + room;
}
