/** Words about guests. */
export const words = {
  guest: "Guest",
  as: "You join as a guest:",
  change: "Change name",
  ended: "Your invitation has ended",
};
