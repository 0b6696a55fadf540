/**
 * What was recorded of a class that is over: asked for until it can be watched. Knows no DOM.
 * @typedef {{url: string, ready: boolean}} Kept
 */
const EVERY = 2000; // ms
const TRIES = 150; // five minutes; later it is found on the class's page

/**
 * @param {string} address of the API's list @param {(kept: Kept | null) => void} tell null: there is none, or it takes too long
 * @param {(address: string) => Promise<any>} [ask] answers JSON @param {number} [every] ms
 */
export async function lookForRecording(address, tell, ask = asked, every = EVERY) {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const answer = await ask(address).catch(() => null);
    if (answer) {
      const kept = newest(answer.results);
      tell(kept);
      if (!kept || kept.ready) return;
    }
    await new Promise((done) => setTimeout(done, every));
  }
  tell(null);
}

/** @param {string} address */
async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @param {{url: string, state: string, deleted_at: string | null, tracks: {state: string}[]}[]} recordings latest first @returns {Kept | null} */
function newest(recordings) {
  const found = recordings.find(({ deleted_at }) => !deleted_at);
  if (!found) return null;
  const ready = found.state === "ready";
  return ready && !found.tracks.some(({ state }) => state === "ready") ? null : { url: found.url, ready };
}
