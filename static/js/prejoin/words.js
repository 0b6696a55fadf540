/** What is said before a class and at its door. */
import { counted, filled, gettext, ngettext } from "../ui/catalogue.js";
import { clock, day } from "../ui/times.js";

/** @typedef {import("../state/types").DeviceKind} DeviceKind */

/** @param {string[]} names at most five are known @param {number} here */
function whoIsHere(names, here) {
  const [first = "", second = ""] = names;
  if (!here) return gettext("nobody is here yet");
  if (here === 1 && first) return filled(gettext("{name} is here"), { name: first });
  if (names.length < 2) return counted(ngettext("{count} person is here", "{count} people are here", here), here);
  if (here === 2) return filled(gettext("{first} and {second} are here"), { first, second });
  const others = here - 2;
  return counted(ngettext("{first}, {second} and {count} other are here", "{first}, {second} and {count} others are here", others), others, { first, second });
}

/** Which of two devices a browser blocks. @param {DeviceKind[]} kinds */
const blockedNote = (kinds) => {
  if (kinds.length > 1) return gettext("Your browser blocks the microphone and the camera. Open the settings beside the address, set Microphone and Camera to Allow, come back here.");
  return kinds[0] === "camera"
    ? gettext("Your browser blocks the camera. Open the settings beside the address, set Camera to Allow, come back here.")
    : gettext("Your browser blocks the microphone. Open the settings beside the address, set Microphone to Allow, come back here.");
};

export const words = {
  join: gettext("Join class"),
  start: gettext("Start class"),
  joining: gettext("Joining…"),
  badges: { now: gettext("On now"), waiting: gettext("Waiting"), over: gettext("Over"), soon: gettext("Not started"), elsewhere: gettext("In another tab") },

  /** @param {{course: string, names: string[], here: number}} values */
  courseAndPeople: ({ course, names, here }) => `${course} · ${whoIsHere(names, here)}`,
  /** @param {{course: string, startsAt: string, endsAt: string}} values */
  courseAndTime: ({ course, startsAt, endsAt }) =>
    filled(gettext("{course} · {day}, {start}–{end}"), { course, day: day(startsAt), start: clock(startsAt), end: clock(endsAt) }),
  /** @param {string} opensAt @param {number} now */
  opensAt: (opensAt, now) =>
    day(opensAt) === day(now)
      ? filled(gettext("This class opens at {time}. Keep this page open; you are let in as soon as it starts."), { time: clock(opensAt) })
      : filled(gettext("This class opens on {day} at {time}."), { day: day(opensAt), time: clock(opensAt) }),
  opensIn: gettext("Opens in"),
  /** @type {Record<string, string>} by the refusal's code */
  full: { class_full: gettext("This class is full"), too_many_classes: gettext("This class cannot start yet") },
  notStartedTitle: gettext("The teacher is not here yet"),
  notStarted: gettext("Keep this page open; you are let in as soon as the class starts."),
  notOpenTitle: gettext("The class is not open yet"),
  busyTitle: gettext("One moment"),
  watchLater: gettext("Watch the recording later"),
  stopWaiting: gettext("Stop waiting"),
  elsewhereTitle: gettext("You are in this class in another tab"),
  elsewhere: gettext("Joining here moves you to this tab; the other one leaves the class."),
  useThisTab: gettext("Use this tab"),
  goBack: gettext("Go back"),

  devicesFolded: gettext("Microphone, camera, speaker"),
  systemDefault: gettext("System default"),
  noDeviceListed: gettext("None found"),
  levelLabel: gettext("Microphone level"),
  preview: gettext("Your camera"),
  cameraIsOff: gettext("Your camera is off"),
  cameraStarting: gettext("Starting the camera…"),
  allow: gettext("Choose Allow in the question at the top of the window. Nobody sees or hears you before you join."),
  blockedNote,
  /** @type {Record<DeviceKind, string>} */
  blockedTitle: { mic: gettext("Your browser blocks the microphone"), camera: gettext("Your browser blocks the camera") },
  /** @param {DeviceKind} device */
  blockedSteps: (device) => [
    gettext("Select the lock or settings icon beside the address."),
    device === "mic" ? gettext("Set Microphone to Allow.") : gettext("Set Camera to Allow."),
    gettext("Come back here. No reload is needed."),
  ],
  /** @type {Record<DeviceKind, string>} */
  busy: {
    mic: gettext("Another app uses the microphone. Close it, or join and listen."),
    camera: gettext("Another app uses the camera. Close it, or join without video."),
  },
  /** @type {Record<DeviceKind, string>} */
  missing: {
    mic: gettext("No microphone found. Plug one in; it is picked up by itself."),
    camera: gettext("No camera found. Plug one in; it is picked up by itself."),
  },
  noMediaHere: gettext("This browser gives pages no microphone or camera here. You can listen, watch and write."),
};
