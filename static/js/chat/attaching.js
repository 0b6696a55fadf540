/** What may go into a message as a file. Knows no DOM. */
import { mayGetFiles } from "../state/views.js";
import { words } from "./words.js";

const MOST_ATTACHED = 10;

/**
 * Why these files cannot go into what is being written, in words; "": they can.
 * @param {import("../state/types").State} state
 * @param {Pick<File, "name" | "size">[]} files
 * @param {import("../state/state").FileBounds | undefined} bounds
 */
export function hindrance(state, files, bounds = { most: Infinity, refused: [] }) {
  const { draft } = state;
  if (draft.to !== null) return words.filesForAll(aloneBy(state));
  if (draft.attached.length + files.length > MOST_ATTACHED) return words.tooManyFiles;
  const large = files.find(({ size }) => size > bounds.most);
  if (large) return words.tooLarge(large.name, bounds.most);
  const program = files.find(({ name }) => bounds.refused.some((kind) => name.toLowerCase().endsWith(kind)));
  return program ? words.program(program.name) : "";
}

/** Who alone is to read it, by name, where the room takes files to them; else "". @param {import("../state/types").State} state */
export const aloneBy = (state) => (state.draft.to !== null && mayGetFiles(state, state.draft.to) ? (state.people[state.draft.to]?.name ?? "") : "");
