/** One's own picture for behind oneself: kept in this browser alone, never sent anywhere as a file. */

import { cover, load } from "./pictures.js";

const WIDTH = 1280;
const HEIGHT = 720;
const QUALITY = 0.85;

/** @returns {Promise<Blob | null>} */
export async function ownPicture() {
  try {
    return (await inStore("readonly", (store) => store.get("own"))) ?? null;
  } catch {
    return null; // storage is closed to this page
  }
}

/** Cut to the shape of a camera's picture and made smaller. @param {Blob} file @returns {Promise<Blob>} rejects what is no picture */
export async function keepOwn(file) {
  const picture = await load(file);
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  cover(/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), picture, WIDTH, HEIGHT);
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!(made instanceof Blob)) throw new Error("no picture");
  await inStore("readwrite", (store) => store.put(made, "own")).catch(() => {}); // then it lasts as long as the page
  return made;
}

/** @returns {Promise<void>} */
export async function forgetOwn() {
  await inStore("readwrite", (store) => store.delete("own")).catch(() => {});
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
async function inStore(mode, ask) {
  const opening = indexedDB.open("aula.backgrounds", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("pictures");
  const database = await answer(opening);
  try {
    return await answer(ask(database.transaction("pictures", mode).objectStore("pictures")));
  } finally {
    database.close();
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
