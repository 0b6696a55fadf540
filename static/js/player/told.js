/**
 * What the server says to the player, as JSON.
 * @typedef {{ok: boolean, reached: boolean, signedOut: boolean, body: any}} Answer
 * `reached`: it answered, and not that it is in trouble; `signedOut`: it led to the
 * page for signing in, or no longer knows the page's token.
 */

/** @param {string} url @param {RequestInit} [options] @returns {Promise<Answer>} */
export async function told(url, options) {
  const answer = await fetch(url, options).catch(() => null);
  const body = (await answer?.json().catch(() => null)) ?? null;
  const signedOut = body === null && (answer?.redirected || answer?.status === 403);
  return { ok: Boolean(answer?.ok) && body !== null, reached: answer !== null && answer.status < 500, signedOut: Boolean(signedOut), body };
}
