/** @returns {Promise<Element | null>} the main part of this page as it is now; null when that cannot be had */
export async function current() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
}
