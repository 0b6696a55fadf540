/**
 * What the page changes on the server; the film hears of it at once.
 * @typedef {(method: "POST" | "DELETE", url: string, form?: FormData | Record<string, string>) => Promise<{ok: boolean, words: string}>} Change
 */
import { told } from "./told.js";
import { words } from "./words.js";

/** @param {import("./film").Film} film @returns {Change} */
export const changes = (film) => async (method, url, form) => {
  const body = form instanceof FormData ? form : form && new URLSearchParams(form);
  const answer = await told(url, { method, headers: { "X-CSRFToken": film.page.csrf }, ...(body && { body }) });
  if (answer.ok) {
    film.tell(answer.body);
    return { ok: true, words: "" };
  }
  const why = answer.signedOut ? words.signedOut : (answer.body?.text ?? words.notChanged);
  return { ok: false, words: [why, answer.body?.mend].filter(Boolean).join(" ") };
};
