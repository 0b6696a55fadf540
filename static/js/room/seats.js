/** Who keeps a seat on the stage for a while, so that nobody jumps when people come, speak and go. */
import { bySeat } from "../state/views.js";
import { useEffect, useRef, useState } from "../ui/html.js";

/** @typedef {import("../state/types").Person} Person */

const SEAT_HELD = 3000; // ms
const GAP_STAYS = 1500; // ms

/** Seats change at most every three seconds. @param {string[]} wanted @returns {string[]} */
export function useGuests(wanted) {
  const [held, setHeld] = useState({ guests: wanted, at: 0 });
  const changed = wanted.join() !== held.guests.join();
  useEffect(() => {
    if (!changed) return;
    const timer = setTimeout(() => setHeld({ guests: wanted, at: Date.now() }), Math.max(0, held.at + SEAT_HELD - Date.now()));
    return () => clearTimeout(timer);
  }, [wanted.join(), held]);
  return held.guests;
}

/**
 * The same people with those who left a moment ago, whose gaps close together: the others move once. Of two, the one who
 * stays has the stage at once.
 * @param {Person[]} people in the order of their seats @returns {Person[]}
 */
export function useGaps(people) {
  const before = useRef(people);
  const [, close] = useState(0);
  const ids = new Set(people.map(({ id }) => id));
  const gone = before.current.length > 2 ? before.current.filter(({ id }) => !ids.has(id)) : [];
  before.current = gone.length ? [...people, ...gone].sort(bySeat) : people;
  const open = gone.length > 0;
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => {
      before.current = [];
      close((count) => count + 1);
    }, GAP_STAYS);
    return () => clearTimeout(timer);
  }, [open]);
  return before.current;
}
