import { describe, expect, it } from "vitest";
import { chordOf } from "../../app/shortcuts";

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("chordOf", () => {
  it.each([
    ["Ctrl+Z", press("z", { ctrlKey: true })],
    ["Ctrl+Z", press("z", { metaKey: true })],
    ["Ctrl+Shift+Z", press("Z", { ctrlKey: true, shiftKey: true })],
    ["Alt+C", press("\u00e7", { altKey: true, code: "KeyC" })],
    ["Alt+=", press("\u2260", { altKey: true, code: "Equal" })],
    ["Space", press(" ")],
    ["?", press("?", { shiftKey: true })],
    ["Shift+A", press("A", { shiftKey: true })],
    ["Shift+ArrowLeft", press("ArrowLeft", { shiftKey: true })],
    ["Ctrl+Enter", press("Enter", { ctrlKey: true })],
    ["1", press("1")],
  ])("%s", (wanted, got) => {
    expect(got).toBe(wanted);
  });
});
