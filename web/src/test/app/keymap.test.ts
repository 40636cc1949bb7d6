import { expect, it } from "vitest";
import type { Command } from "../../app/commands";
import { assign, keysFor } from "../../app/keymap";

const run = () => undefined;
const COMMANDS: readonly Command[] = [
  { id: "copy", title: "app.commands.copy", section: "edit", keys: ["Ctrl+C"], run },
  { id: "redo", title: "app.commands.redo", section: "edit", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], run },
  { id: "share", title: "app.commands.share", section: "workflow", run },
];
const [copy, redo, share] = COMMANDS as [Command, Command, Command];

it("a command has its own keys until it is given others", () => {
  expect(keysFor(copy, {})).toEqual(["Ctrl+C"]);
  expect(keysFor(share, assign(COMMANDS, {}, "share", "L"))).toEqual(["L"]);
});

it("keys that another command had are taken from it, its other keys stay", () => {
  const keymap = assign(COMMANDS, {}, "copy", "Ctrl+Y");
  expect(keysFor(copy, keymap)).toEqual(["Ctrl+Y"]);
  expect(keysFor(redo, keymap)).toEqual(["Ctrl+Shift+Z"]);
});
