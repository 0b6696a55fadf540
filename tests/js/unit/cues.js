import { lastBegun, matching, pieces, spokenAt } from "/static/js/player/cues.js";
import { equal, test } from "./check.js";

const said = (from, to, words, voice = "") => ({ from, to, words, voice });
const ALL = [said(1, 3, "Look at the drawing."), said(2, 4, "Die Ähre", "Tom"), said(6, 8, "A (drawing) again")];

test("words are shown from their beginning up to their end", () => {
  equal([0.9, 1, 2.5, 3, 5, 6].map((time) => spokenAt(ALL, time).length), [0, 1, 2, 1, 0, 1]);
});

test("the transcript follows what was said last", () => equal([0, 1, 5, 9].map((time) => lastBegun(ALL, time)), [-1, 0, 1, 2]));

test("a search finds all words in any order, names, and letters without their accents", () => {
  equal(["drawing look", "tom", "ahre", "  ", "(drawing)", "nothing"].map((query) => matching(ALL, query).length), [1, 1, 1, 3, 1, 0]);
});

test("what was found is cut out, whatever it holds", () => {
  equal(pieces("A (drawing) again", "(Drawing)"), ["A ", "(drawing)", " again"]);
  equal(pieces("one", ""), ["one"]);
});
