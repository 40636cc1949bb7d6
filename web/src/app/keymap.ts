/** Keys that the user gave to commands, over those of the command table; kept in localStorage. */
import { createStore } from "zustand/vanilla";
import type { Shortcut } from "./commands";

const STORED = "nodegraph.keys";

export type Keymap = Readonly<Record<string, readonly string[]>>;

export const keymapStore = createStore<{ readonly keys: Keymap }>(() => ({ keys: load() }));

function load(): Keymap {
  try {
    const stored: unknown = JSON.parse(globalThis.localStorage?.getItem(STORED) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(
      Object.entries(stored).filter(
        (entry): entry is [string, string[]] =>
          Array.isArray(entry[1]) && entry[1].every((keys) => typeof keys === "string"),
      ),
    );
  } catch {
    return {};
  }
}

/** The keys of a command: the user's, or those it comes with. */
export function keysFor(command: Shortcut, keymap: Keymap = keymapStore.getState().keys): readonly string[] {
  return keymap[command.id] ?? command.keys ?? [];
}

/** The keymap after one command got new keys; whichever of `commands` had them loses them. Pure. */
export function assign(commands: readonly Shortcut[], keymap: Keymap, id: string, keys: string): Keymap {
  const next: Record<string, readonly string[]> = { ...keymap };
  for (const command of commands) {
    const own = keysFor(command, keymap);
    if (command.id !== id && own.includes(keys)) next[command.id] = own.filter((one) => one !== keys);
  }
  next[id] = [keys];
  return next;
}

export function setKeymap(keys: Keymap): void {
  keymapStore.setState({ keys });
  try {
    localStorage.setItem(STORED, JSON.stringify(keys));
  } catch {
    // Without storage the keys hold until the page is closed.
  }
}
