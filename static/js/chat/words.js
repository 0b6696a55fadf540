/** What the chat says: whole sentences with named values, ready for catalogues. */
const plural = new Intl.PluralRules("en");

/** @param {number} count @param {string} one @param {string} other */
const counted = (count, one, other) => (plural.select(count) === "one" ? one : other).replace("#", String(count));

/** Names read aloud and in a tooltip: "Ash, Birch and 3 others". @param {string[]} names @param {number} count */
function listed(names, count) {
  const rest = count - names.length;
  if (rest > 0) return `${names.join(", ")} and ${counted(rest, "1 other", "# others")}`;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}

export const words = {
  everyone: "Everyone",
  to: "To",
  toWhom: "Who reads this message",
  toEveryone: "Message everyone",
  toTeacher: "To the teacher only",
  /** @param {string} name */
  toOnly: (name) => `To ${name} only`,
  writeTo: (/** @type {string} */ name) => `Write to ${name} privately`,
  writePrivately: "Write privately",
  onlyYou: "Only to you",
  away: "not here now",

  reply: "Reply",
  replyPrivately: "Reply privately",
  edit: "Edit",
  remove: "Delete",
  copy: "Copy text",
  actions: (/** @type {string} */ name) => `Message of ${name}: reply, react and more`,
  repliesTo: (/** @type {string} */ name) => `Reply to ${name}`,
  editing: "Edit your message",
  save: "Save changes",
  saving: "Saving…",
  cancelReply: "Do not reply to this message",
  cancelEdit: "Keep the message as it was",
  quoteOf: (/** @type {string} */ name) => `Go to the message of ${name}`,
  aFile: "A file",
  edited: "edited",
  deletedOwn: "Message deleted",
  deletedByTeacher: "Message deleted by the teacher",
  removeTitle: "Delete this message?",
  removeNote: "Its text and its files are gone for everyone.",
  keep: "Keep",
  notThere: "That message is not there any more.",

  react: "React",
  reaction: (/** @type {string} */ emoji, /** @type {number} */ count, /** @type {string[]} */ names) => `${emoji} ${count}: ${listed(names, count)}`,
  reacted: (/** @type {string[]} */ names, /** @type {number} */ count) => listed(names, count),
  emoji: /** @type {Record<string, string>} */ ({ "👍": "Thumbs up", "❤️": "Heart", "😂": "Laughing", "😮": "Surprised", "👏": "Applause", "🎉": "Celebration" }),
  reactions: (/** @type {string} */ name, /** @type {number} */ count) => `${name}, ${count}`,

  attach: "Add files",
  attached: "Files of this message",
  waitsForFiles: "Sent as soon as the files are there",
  cancel: (/** @type {string} */ name) => `Do not send ${name}`,
  stored: "ready",
  filesForAll: "Files in the chat are for everyone. To send one to a single person, drop it on them in the list of people.",
  tooManyFiles: "At most 10 files go into one message.",
  picture: (/** @type {string} */ name) => `Picture ${name}, opens larger`,

  search: "Search messages",
  found: (/** @type {number} */ count) => counted(count, "1 message found", "# messages found"),
  none: "No message has these words.",
  clear: "Leave the search",
  goTo: (/** @type {string} */ name) => `Show the message of ${name} in its place`,
  searchEarlier: "Search earlier messages",
  earlier: "Show earlier messages",
  loading: "Loading…",

  download: "Save chat",
  asText: "As text",
  asTable: "As a table (CSV)",
  asData: "As data (JSON)",

  privateFrom: (/** @type {string} */ name) => `Private message from ${name}.`,
  show: "Show",
};
