/** What the chat says. */
import { size } from "../files/words.js";
import { counted, filled, gettext, listed, ngettext } from "../ui/catalogue.js";

/** Names read aloud and in a tooltip: "Ash, Birch and 3 others". @param {string[]} names @param {number} count */
const whoever = (names, count) => {
  const rest = count - names.length;
  return listed(rest > 0 ? [...names, counted(ngettext("{count} other", "{count} others", rest), rest)] : names);
};

export const words = {
  everyone: gettext("Everyone"),
  to: gettext("To"),
  toWhom: gettext("Who reads this message"),
  toEveryone: gettext("Message everyone"),
  toTeacher: gettext("To the teacher only"),
  onlyTheTeacher: gettext("The teacher only"),
  /** @param {string} name */
  only: (name) => filled(gettext("{name} only"), { name }),
  /** @param {string} name */
  toOnly: (name) => filled(gettext("To {name} only"), { name }),
  writeTo: (/** @type {string} */ name) => filled(gettext("Write to {name} privately"), { name }),
  writePrivately: gettext("Write privately"),
  onlyYou: gettext("Only to you"),
  away: gettext("not here now"),

  reply: gettext("Reply"),
  replyPrivately: gettext("Reply privately"),
  edit: gettext("Edit"),
  remove: gettext("Delete"),
  copy: gettext("Copy text"),
  actions: (/** @type {string} */ name) => filled(gettext("Message of {name}: reply, react and more"), { name }),
  repliesTo: (/** @type {string} */ name) => filled(gettext("Reply to {name}"), { name }),
  editing: gettext("Edit your message"),
  save: gettext("Save changes"),
  saving: gettext("Saving…"),
  cancelReply: gettext("Do not reply to this message"),
  cancelEdit: gettext("Keep the message as it was"),
  quoteOf: (/** @type {string} */ name) => filled(gettext("Go to the message of {name}"), { name }),
  aFile: gettext("A file"),
  edited: gettext("edited"),
  deletedOwn: gettext("Message deleted"),
  deletedByTeacher: gettext("Message deleted by the teacher"),
  removeTitle: gettext("Delete this message?"),
  removeNote: gettext("Its text and its files are gone for everyone."),
  keep: gettext("Keep"),
  notThere: gettext("That message is not there any more."),

  react: gettext("React"),
  reaction: (/** @type {string} */ emoji, /** @type {number} */ count, /** @type {string[]} */ names) => `${emoji} ${count}: ${whoever(names, count)}`,
  reacted: (/** @type {string[]} */ names, /** @type {number} */ count) => whoever(names, count),
  emoji: /** @type {Record<string, string>} */ ({ "👍": gettext("Thumbs up"), "❤️": gettext("Heart"), "😂": gettext("Laughing"), "😮": gettext("Surprised"), "👏": gettext("Applause"), "🎉": gettext("Celebration") }),
  reactions: (/** @type {string} */ name, /** @type {number} */ count) => `${name}, ${count}`,

  attach: gettext("Add files"),
  attached: gettext("Files of this message"),
  cancel: (/** @type {string} */ name) => filled(gettext("Do not send {name}"), { name }),
  /** @param {string} name of who alone reads it, where the room takes files to them */
  filesForAll: (name) => (name ? filled(gettext("Files go to everyone. To send one to {name} alone, use People."), { name }) : gettext("Files in the chat go to everyone.")),
  tooManyFiles: gettext("At most 10 files go into one message."),
  tooLarge: (/** @type {string} */ name, /** @type {number} */ most) => filled(gettext("{name} is too large: a file for the class may have at most {size}."), { name, size: size(most) }),
  program: (/** @type {string} */ name) => filled(gettext("{name} is a program, and those are not taken. Put it into a zip file if the class really needs it."), { name }),
  notTaken: gettext("The server did not take it."),
  unreadable: gettext("It was changed, moved or removed meanwhile. Choose it again."),
  doNotSend: gettext("Do not send"),
  picture: (/** @type {string} */ name) => filled(gettext("Picture {name}, opens larger"), { name }),

  search: gettext("Search messages"),
  found: (/** @type {number} */ count) => counted(ngettext("{count} message found", "{count} messages found", count), count),
  none: gettext("No message has these words."),
  clear: gettext("Leave the search"),
  goTo: (/** @type {string} */ name) => filled(gettext("Show the message of {name} in its place"), { name }),
  searchEarlier: gettext("Search earlier messages"),
  earlier: gettext("Show earlier messages"),
  loading: gettext("Loading…"),

  download: gettext("Save chat"),
  asText: gettext("As text (TXT)"),
  asTable: gettext("As a table (CSV)"),
  asData: gettext("As data (JSON)"),

  privateFrom: (/** @type {string} */ name) => filled(gettext("Private message from {name}."), { name }),
  show: gettext("Show"),
};
