/** Keyboard shortcuts: finds the command of a key press and runs it, unless the keys belong to somebody else. */
import type { Command } from "./commands";
import { keymapStore, keysFor } from "./keymap";

const KEY_NAMES: Readonly<Record<string, string>> = { " ": "Space" };

/** The name of a key press as the command table writes it; Command counts as Ctrl. */
export function chordOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "code">,
): string {
  const key = KEY_NAMES[event.key] ?? (event.altKey ? codeName(event.code) : event.key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (key.length > 1 || /[a-z]/i.test(key))) parts.push("Shift");
  parts.push(key.length === 1 ? key.toUpperCase() : key);
  return parts.join("+");
}

/** With Alt held some systems type other letters, so the key's place decides. */
function codeName(code: string): string {
  const named: Readonly<Record<string, string>> = { Equal: "=", Minus: "-", Period: ".", Comma: "," };
  return named[code] ?? code.replace(/^(Key|Digit)/, "");
}

/** Listen on the window; returns the function that stops. */
export function listenForShortcuts(commands: readonly Command[]): () => void {
  const read = () => new Map(commands.flatMap((command) => keysFor(command).map((keys) => [keys, command] as const)));
  let byChord = read();
  const stopKeymap = keymapStore.subscribe(() => {
    byChord = read();
  });
  const onKey = (event: KeyboardEvent) => {
    const command = byChord.get(chordOf(event));
    if (!command || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (!command.everywhere && keysBelongElsewhere(event)) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener("keydown", onKey);
  return () => {
    stopKeymap();
    window.removeEventListener("keydown", onKey);
  };
}

/** Text fields take all keys, the stage its own; controls keep the keys that work them; a chosen text can be copied. */
function keysBelongElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, [contenteditable], [role=menu]")) return true;
  if (target.closest("[data-stage-keys]") && event.key !== "Escape") return true;
  const works = [" ", "Enter", "Tab"].includes(event.key) || event.key.startsWith("Arrow");
  if (works && target.closest("button, a, [role=spinbutton], [role=slider], [role=tab], [role=separator]")) return true;
  if (event.key === "Tab" && !target.closest(".react-flow") && target !== document.body) return true;
  return event.key.toLowerCase() === "c" && (window.getSelection()?.toString() ?? "") !== "";
}
