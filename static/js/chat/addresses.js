/** Addresses in what people write: http and https alone. Letters that turn the text around are part of none. */
const ADDRESS = /https?:\/\/[^\s<>"'\u2066-\u2069\u202a-\u202e]+[^\s<>"'.,;:!?)\]\u2066-\u2069\u202a-\u202e]/giu;

/** @typedef {{index: number, text: string, href: string, host: string, disguised: boolean}} Address */

/** @param {string} words @returns {Address[]} */
export const addresses = (words) =>
  [...words.matchAll(ADDRESS)].flatMap(({ index, 0: text }) => {
    const link = safe(text);
    return link ? [{ index, text, ...link }] : [];
  });

/** Disguised: with a name before an @, or a host that is written in other letters. @param {string} address */
export function safe(address) {
  try {
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    const written = address.replace(/^https?:\/\//i, "").toLowerCase();
    return { href: url.href, host: url.host, disguised: !written.startsWith(url.host) };
  } catch {
    return null;
  }
}
