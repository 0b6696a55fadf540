/** What the browser keeps for its viewer; without storage nothing is kept. */

/** @param {string} name @returns {string | null} */
export function kept(name) {
  try {
    return localStorage.getItem(`player-${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(`player-${name}`, value);
  } catch {
    // no storage, nothing remembered
  }
}
