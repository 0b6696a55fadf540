/** What the page about keys says around them. */
import { words as room } from "../room/keywords.js";
import { written } from "../room/shortcuts.js";
import { filled, gettext } from "../ui/catalogue.js";

export const words = {
  classroom: gettext("In a class"),
  classroomNote: filled(gettext("Not everybody may do everything: in a class {keys} shows the keys that work for you there."), { keys: written("Ctrl+/", room.names) }),
  player: gettext("In a recording"),
};
