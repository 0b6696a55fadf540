/** Words about guests and the waiting room. */
import { counted, filled, gettext, ngettext } from "../ui/catalogue.js";

export const words = {
  guest: gettext("Guest"),
  as: gettext("As a guest:"),
  change: gettext("Change name"),
  ended: gettext("Your invitation has ended"),

  inWaitingRoom: gettext("You are in the waiting room"),
  sentBack: gettext("The teacher sent you to the waiting room"),
  untilLetIn: gettext("You get in automatically once the teacher lets you in. Keep this page open."),
  told: (/** @type {string} */ teacher) => filled(gettext("{teacher} has been told. Keep this page open; you get in automatically."), { teacher }),
  notYet: (/** @type {string} */ teacher) => filled(gettext("{teacher} is not here yet, and is told when the class begins. Keep this page open."), { teacher }),
  leave: gettext("Leave the waiting room"),
  ready: gettext("What works already"),
  /** @type {Record<"mic" | "camera", Record<"on" | "off" | "asking" | "broken", string>>} how one is, by its look */
  devices: {
    mic: { on: gettext("Microphone works"), off: gettext("Microphone is off"), asking: gettext("Microphone is starting…"), broken: gettext("Microphone does not work") },
    camera: { on: gettext("Camera works"), off: gettext("Camera is off"), asking: gettext("Camera is starting…"), broken: gettext("Camera does not work") },
  },
  turnOn: { mic: gettext("Turn the microphone on"), camera: gettext("Turn the camera on") },
  turnOnShort: gettext("Turn on"),
  connected: gettext("Connection is good"),
  reconnecting: gettext("Connection is lost, trying again…"),
  turnedAwayTitle: gettext("The teacher did not let you in"),
  turnedAway: gettext("You can ask again in half a minute."),
  askAgain: gettext("Ask again"),

  invite: gettext("Invite guests"),

  waiting: gettext("Waiting"),
  waitingCount: (/** @type {number} */ count) => filled(gettext("{count} waiting"), { count }),
  letIn: gettext("Let in"),
  letInNamed: (/** @type {string} */ name) => filled(gettext("Let {name} in"), { name }),
  letAllIn: gettext("Let all in"),
  refuse: gettext("Refuse…"),
  refuseNamed: (/** @type {string} */ name) => filled(gettext("Refuse {name}"), { name }),
  refuseTitle: (/** @type {string} */ name) => filled(gettext("Refuse {name}?"), { name }),
  refuseNote: gettext("They are told that a teacher did not let them in, and can ask again."),
  word: gettext("A word to them (optional)"),
  refuseYes: gettext("Refuse"),
  keep: gettext("Let them wait"),
  by: (/** @type {string} */ link) => filled(gettext("Guest by “{link}”"), { link }),
  show: gettext("Show"),
  knock: (/** @type {string[]} */ names) => 
    names.length === 1
      ? filled(gettext("{name} is waiting to be let in."), { name: names[0] ?? "" })
      : counted(ngettext("{count} person is waiting to be let in.", "{count} people are waiting to be let in.", names.length), names.length),

  waitingRoom: gettext("Guests wait to be let in"),
  waitingRoomNote: gettext("Off: whoever waits comes in, and so does who comes by a link."),
};
