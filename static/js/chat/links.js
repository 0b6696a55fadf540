import { addresses } from "./addresses.js";
import { html } from "../ui/html.js";

/**
 * Addresses in a message become links, in an isolation of their own so that they cannot turn what is around them, with
 * the real host said where the text hides it; everything else stays text, with `wanted` marked.
 * @param {string} words @param {string} [wanted] in small letters @param {boolean} [plain] without links @returns {any[]}
 */
export function linked(words, wanted = "", plain = false) {
  if (plain) return marked(words, wanted);
  const parts = [];
  let from = 0;
  for (const { index, text, href, host, disguised } of addresses(words)) {
    parts.push(...marked(words.slice(from, index), wanted));
    parts.push(html`<bdi dir="ltr"><a href=${href} target="_blank" rel="noopener noreferrer nofollow" title=${host}>${text}</a>${disguised && html` <small class="line__host">(${host})</small>`}</bdi>`);
    from = index + text.length;
  }
  return [...parts, ...marked(words.slice(from), wanted)];
}

/** @param {string} text @param {string} wanted @returns {any[]} */
function marked(text, wanted) {
  const at = wanted ? text.toLocaleLowerCase().indexOf(wanted) : -1;
  if (at < 0) return [text];
  const end = at + wanted.length;
  return [text.slice(0, at), html`<mark>${text.slice(at, end)}</mark>`, ...marked(text.slice(end), wanted)];
}
