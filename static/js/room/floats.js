/** What small windows this browser has. Apart from the window itself, because the room's keys ask for it. */

export const windows = () => /** @type {any} */ (globalThis).documentPictureInPicture;

/** Whether this browser has small windows, of pages or of pictures. */
export const canFloat = () => Boolean(windows() ?? document.pictureInPictureEnabled);

/** Whether it can open one by itself when its person looks elsewhere. Asked once: asking takes away what is set. */
export const canFloatByItself = Boolean(windows()) && whenHidden(null);

/** What opens it then; null: nothing. @param {(() => void) | null} open @returns {boolean} whether the browser knows of it */
export function whenHidden(open) {
  try {
    navigator.mediaSession.setActionHandler(/** @type {any} */ ("enterpictureinpicture"), open);
    return true;
  } catch {
    return false;
  }
}
