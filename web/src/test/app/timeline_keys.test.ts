import { expect, it } from "vitest";
import type { Shortcut } from "../../app/commands";
import { assign, keysFor } from "../../app/keymap";
import { TIMELINE_KEYS, timelineAction, timelineKeys } from "../../app/timeline_keys";

it("finds the action of a key press, each key once", () => {
  expect(timelineAction(".")).toBe("mark-after");
  expect(timelineAction("Shift+ArrowLeft")).toBe("back-second");
  expect(timelineAction("Q")).toBeUndefined();
  const keys = TIMELINE_KEYS.flatMap((shortcut) => keysFor(shortcut, {}));
  expect(new Set(keys).size).toBe(keys.length);
});

it("takes other keys, and leaves those of the canvas alone", () => {
  const keymap = assign(TIMELINE_KEYS, {}, "timeline-mark-after", "M");
  expect(timelineAction("M", keymap)).toBe("mark-after");
  expect(timelineAction(".", keymap)).toBeUndefined();
  expect(timelineKeys("mark", keymap)).toBeUndefined();
  const minimap: Shortcut = { id: "minimap", title: "app.commands.minimap", section: "view", keys: ["M"] };
  expect(keysFor(minimap, keymap)).toEqual(["M"]);
});
