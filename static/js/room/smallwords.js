/** Words of the small window. */
import { filled, gettext } from "../ui/catalogue.js";

export const words = {
  open: gettext("Small window"),
  close: gettext("Close the small window"),
  back: gettext("Back to the class"),
  mended: gettext("Back in the class you see how to mend it."),
  byItself: gettext("Open it when I look elsewhere"),
  title: (/** @type {string} */ name) => filled(gettext("Small window: {name}"), { name }),
  failed: gettext("The small window could not be opened."),
  noPicture: gettext("There is no picture to show in a small window just now."),
};
