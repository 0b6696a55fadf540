/**
 * What the page changes on the server; the film hears of it at once.
 * @typedef {(method: "POST" | "DELETE", url: string, form?: FormData | Record<string, string>) => Promise<{ok: boolean, words: string}>} Change
 */
import { words } from "./words.js";

/** @param {import("./film").Film} film @returns {Change} */
export const changes = (film) => async (method, url, form) => {
  const body = form instanceof FormData ? form : form && new URLSearchParams(form);
  const answer = await fetch(url, { method, headers: { "X-CSRFToken": film.page.csrf }, ...(body && { body }) }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok) {
    film.tell(told);
    return { ok: true, words: "" };
  }
  return { ok: false, words: [told?.text ?? words.notChanged, told?.mend].filter(Boolean).join(" ") };
};
