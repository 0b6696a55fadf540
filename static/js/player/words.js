/** What the player says. */
import { counted, filled, gettext, ngettext } from "../ui/catalogue.js";
import { date } from "../ui/times.js";

export const words = {
  stage: gettext("Recording"),
  controls: gettext("Player controls"),
  panel: gettext("Chat and chapters"),
  play: gettext("Play"),
  pause: gettext("Pause"),
  back: gettext("Back 10 seconds"),
  forth: gettext("Forward 10 seconds"),
  position: gettext("Position"),
  speed: gettext("Speed"),
  volume: gettext("Volume"),
  mute: gettext("Sound off"),
  unmute: gettext("Sound on"),
  fullScreen: gettext("Full screen"),
  exitFullScreen: gettext("Leave full screen"),
  chat: gettext("Chat"),
  chatEmpty: gettext("Nothing was written while it was recorded."),
  chatLater: gettext("Nothing was written yet. Messages appear at the moment in which they were sent."),
  loading: gettext("Loading…"),
  link: gettext("Copy a link to this moment"),
  copied: gettext("Link copied"),
  gone: gettext("This recording can no longer be played. Load the page again; if that does not help, ask the school."),
  signedOut: gettext("You are signed out. Load the page again and sign in to go on."),
  nothingYet: gettext("Nothing of this recording is stored yet. Load the page again in a moment."),
  soFar: gettext("Getting what was recorded so far…"),
  goesOn: gettext("The class is on. You watch it from its start."),
  waitsForMore: gettext("That is all so far. What comes now appears in some seconds."),
  live: gettext("Join live"),
  soundOnly: gettext("Only sound was recorded here."),
  /** @param {string} name */
  screenOf: (name) => filled(gettext("Screen of {name}"), { name }),
  /** @param {string} name */
  pin: (name) => filled(gettext("Show {name} large"), { name }),
  /** @param {string} name */
  unpin: (name) => filled(gettext("Stop showing {name} large"), { name }),
  /** @param {number} count */
  morePictures: (count) => counted(ngettext("Show {count} other picture", "Show {count} other pictures", count), count),
  /** @param {number} count of pictures that do not fit */
  more: (count) => `+${count}`,
  /** @param {string} time @param {string} whole */
  of: (time, whole) => filled(gettext("{time} of {whole}"), { time, whole }),
  /** @param {number} speed */
  times: (speed) => `${speed}×`,

  chapters: gettext("Chapters"),
  chaptersEmpty: gettext("This recording has no chapters."),
  chaptersEmptyTeacher: gettext("No chapters yet. Add one where something begins; students go to it with one click."),
  chapterTitle: gettext("Title of the chapter"),
  /** @param {string} time */
  addChapter: (time) => filled(gettext("Add a chapter at {time}"), { time }),
  /** @param {string} title */
  rename: (title) => filled(gettext("Rename {title}"), { title }),
  save: gettext("Save"),
  cancel: gettext("Cancel"),
  remove: gettext("Delete"),
  notChanged: gettext("Nothing was changed: the server does not answer. Try again in a moment."),

  transcript: gettext("Transcript"),
  transcriptEmpty: gettext("No captions yet. With a WebVTT file what is said can be read, searched and translated."),
  search: gettext("Search what is said"),
  /** @param {number} count */
  found: (count) => counted(ngettext("{count} place found", "{count} places found", count), count),
  /** @param {string} query */
  nothingFound: (query) => filled(gettext("“{query}” is not said here."), { query }),
  captionsOn: gettext("Show captions"),
  captionsOff: gettext("Hide captions"),
  captionLanguage: gettext("Language of the captions"),
  captionsFailed: gettext("The captions could not be loaded."),
  /** @param {number} count */
  captionFiles: (count) => (count ? filled(gettext("Captions, {count}"), { count }) : gettext("Add captions")),
  captionFile: gettext("WebVTT file"),
  captionHint: gettext("Times count from the beginning of what the player shows. A file of the same language is replaced."),
  bringCaptions: gettext("Add captions"),
  /** @param {string} language */
  removeCaptions: (language) => filled(gettext("Delete the captions in {language}"), { language }),

  keys: gettext("Keys"),
  keyList: [
    [gettext("Space K"), gettext("plays and pauses")],
    ["← →", gettext("5 seconds back and on")],
    ["J L", gettext("10 seconds back and on")],
    ["B N", gettext("chapter before, next chapter")],
    [gettext("Home End"), gettext("to the beginning, to the end")],
    ["0 … 9", gettext("to a tenth of the whole")],
    ["< >", gettext("slower and faster")],
    ["C", gettext("captions")],
    ["P", gettext("another picture large; after the last one it follows the class again")],
    ["M", gettext("sound off and on")],
    ["F", gettext("full screen")],
  ],
  letters: gettext("Single letters, signs and digits are keys too"),
};

/** @param {import("./moments").Moment} moment @returns {string} */
export function momentTitle({ kind, title, name, count }) {
  switch (kind) {
    case "begin": return gettext("Beginning");
    case "screen": return filled(gettext("{name} shares a screen"), { name });
    case "chapter": return title || gettext("Marked moment");
    case "poll": return filled(gettext("Poll: {title}"), { title });
    case "lost": return counted(ngettext("{count} person was lost here", "{count} people were lost here", count), count);
    case "break": return gettext("Goes on after a break");
  }
}

/** What is said of the recording as one file. */
export const downloadWords = {
  title: gettext("Download"),
  video: gettext("Video"),
  audio: gettext("Sound only"),
  about: {
    video: gettext("One MP4: the screen large and the speaker small, or all cameras."),
    audio: gettext("One M4A with everybody’s sound, for listening on the way."),
  },
  make: gettext("Make file"),
  /** @param {string} name */
  makeNamed: (name) => filled(gettext("Make file: {name}"), { name }),
  again: gettext("Try again"),
  /** @param {string} name */
  making: (name) => filled(gettext("{name} is being made"), { name }),
  waiting: gettext("Waiting its turn. You may close this page; it is made all the same."),
  /** @param {number} percent */
  running: (percent) => filled(gettext("Being made: {percent} %. You may close this page; it is made all the same."), { percent }),
  /** @param {string} size @param {Date} until */
  ready: (size, until) => filled(gettext("{size}, kept until {day}. It can be made again after that."), { size, day: date(until) }),
  failed: gettext("It could not be made. Try again; if that does not help, tell your school’s support."),
  cancel: gettext("Cancel"),
  download: gettext("Download"),
  /** @param {string} name */
  remove: (name) => filled(gettext("Delete the file: {name}"), { name }),
  unreachable: gettext("The server cannot be reached just now. This page goes on trying."),
};
