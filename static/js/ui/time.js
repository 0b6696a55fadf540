import { useEffect, useState } from "./html.js";

/** The local clock, anew every `every` ms. @param {number} every @returns {number} */
export function useNow(every) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Whether `since` lies at least `ms` back; nothing that is over at once is shown. @param {number | null} since @param {number} ms */
export function useAfter(since, ms) {
  const [passed, setPassed] = useState(/** @type {number | null} */ (null));
  useEffect(() => {
    if (since === null) return;
    const timer = setTimeout(() => setPassed(since), Math.max(0, since + ms - Date.now()));
    return () => clearTimeout(timer);
  }, [since, ms]);
  return since !== null && passed === since;
}

/** @param {string} query @returns {boolean} */
export function useMedia(query) {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const changed = () => setMatches(list.matches);
    changed();
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, [query]);
  return matches;
}
