import { describe, expect, it } from "vitest";
import { append, readSchedule, remove, replace } from "../../widgets/prompt/schedule";
import { completion, leftOut, pieces, stem, vocabularyFor, wordsOf } from "../../widgets/prompt/words";

const WORDS = ["a", "coral", "corals", "dances", "neon", "night", "robot", "robots"];
const KNOWN = new Set(WORDS);

describe("words that a model understands", () => {
  it("are found whatever their case, and by singular or plural", () => {
    expect(stem("coral", KNOWN)).toBe("coral");
    expect(stem("nights", KNOWN)).toBe("night");
    expect(stem("dance", new Set(["dances"]))).toBe("dances");
    expect(stem("dragon", KNOWN)).toBeNull();
    const words = wordsOf("A Robot, 3 dragons; DRAGONS at NIGHT!", KNOWN);
    expect(words.filter(({ known }) => known).map(({ text }) => text)).toEqual(["a", "robot", "night"]);
    expect(leftOut(words)).toEqual(["dragons", "at"]);
  });

  it("leave the others to be marked, and the text whole", () => {
    const prompt = "a dragon at night";
    const parts = pieces(prompt, wordsOf(prompt, KNOWN));
    expect(parts.map(({ text }) => text).join("")).toBe(prompt);
    expect(parts.filter(({ unknown }) => unknown).map(({ text }) => text)).toEqual(["dragon", "at"]);
  });

  it("are offered from two letters on, not in the middle of a word", () => {
    expect(completion("a ro", 4, WORDS)).toEqual({ start: 2, end: 4, words: ["robot", "robots"] });
    expect(completion("a Co", 4, WORDS)?.words).toEqual(["coral", "corals"]);
    expect(completion("a r", 3, WORDS)).toBeNull();
    expect(completion("a robots", 4, WORDS)).toBeNull();
    expect(completion("a xy", 4, WORDS)).toBeNull();
  });

  it("are those of the presets that the workflow loads", () => {
    const sets = { tiny: ["b", "a"], debug: [], large: ["c"] };
    expect(vocabularyFor(sets, ["tiny"])).toEqual(["a", "b"]);
    expect(vocabularyFor(sets, ["debug"])).toEqual([]);
    expect(vocabularyFor(sets, ["unknown"])).toEqual(["a", "b", "c"]);
  });
});

describe("a schedule of prompts", () => {
  const keys = readSchedule([{ tick: 12, text: "b" }, { tick: 0, text: "a" }, 5]);

  it("is read by rising tick", () => {
    expect(keys).toEqual([
      { tick: 0, text: "a" },
      { tick: 12, text: "b" },
    ]);
  });

  it("grows, changes and shrinks without two prompts on one tick, and never to nothing", () => {
    expect(append(keys).at(-1)).toEqual({ tick: 24, text: "b" });
    expect(replace(keys, 1, { tick: 0 }).map(({ tick }) => tick)).toEqual([0, 1]);
    expect(replace(keys, 0, { text: "z" })[0]).toEqual({ tick: 0, text: "z" });
    expect(remove(keys, 0)).toEqual([{ tick: 12, text: "b" }]);
    expect(remove(remove(keys, 0), 0)).toHaveLength(1);
  });
});
