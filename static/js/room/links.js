import { html } from "../ui/html.js";

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/gu;

/** Addresses in a message become links; everything else stays text. @param {string} words @returns {any[]} */
export function linked(words) {
  const parts = [];
  let from = 0;
  for (const match of words.matchAll(ADDRESS)) {
    parts.push(words.slice(from, match.index));
    parts.push(html`<a href=${match[0]} target="_blank" rel="noopener noreferrer nofollow">${match[0]}</a>`);
    from = match.index + match[0].length;
  }
  return [...parts, words.slice(from)];
}
