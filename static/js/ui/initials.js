/** Two letters, whole graphemes, for one word as well. @param {string} name */
export function initials(name) {
  const letters = (/** @type {string} */ word) =>
    [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word)].map((each) => each.segment);
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = letters(words[0] ?? "?");
  const last = words.length > 1 ? letters(words[words.length - 1] ?? "") : first.slice(1);
  return ((first[0] ?? "?") + (last[0] ?? "")).toLocaleUpperCase();
}
