/**
 * What sounds in a class.
 * @typedef {import("./types").State} State
 * @typedef {"hands" | "knock" | "whisper"} Chime
 */
import { leads } from "./leading.js";

/** @type {import("./types").Alerts} */
export const ALL_ALERTS = { hands: true, knock: true, whisper: true, people: true };

/** What `message` sounds like to this person; null: it is silent, or they want it to be. @param {State} state before it @param {import("../classroom/protocol").ServerMessage} message @returns {Chime | null} */
export function chimeOf(state, message) {
  const chime = meant(state, message);
  return chime && state.alerts[chime] ? chime : null;
}

/** @param {State} state @param {import("../classroom/protocol").ServerMessage} message @returns {Chime | null} */
function meant(state, message) {
  const { you, waiting, messages } = state;
  switch (message.type) {
    case "hand_raised": return leads(state) && message.participant !== you.id ? "hands" : null;
    case "waiting_room": return message.people.some(({ id }) => !waiting.some((each) => each.id === id)) ? "knock" : null;
    case "said": {
      const { id, to, participant } = message.message;
      return to && participant !== you.id && !messages.some((each) => each.id === id) ? "whisper" : null;
    }
    default: return null;
  }
}
