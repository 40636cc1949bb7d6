/** The timeline's keys: shown and changed on the help page like every command's; they work while the timeline has the focus. */
import type { Shortcut } from "./commands";
import { type Keymap, keysFor } from "./keymap";

export type TimelineAction =
  | "play"
  | "back"
  | "forward"
  | "back-second"
  | "forward-second"
  | "start"
  | "end"
  | "take-before"
  | "take-after"
  | "mark"
  | "mark-before"
  | "mark-after"
  | "add"
  | "held"
  | "live";

export interface TimelineShortcut extends Shortcut {
  readonly id: `timeline-${TimelineAction}`;
  readonly action: TimelineAction;
}

const one = (action: TimelineAction, title: Shortcut["title"], keys: string): TimelineShortcut => ({
  id: `timeline-${action}`,
  action,
  title,
  section: "timeline",
  keys: [keys],
});

export const TIMELINE_KEYS: readonly TimelineShortcut[] = [
  one("play", "timeline.play", "Space"),
  one("back", "timeline.back", "ArrowLeft"),
  one("forward", "timeline.forward", "ArrowRight"),
  one("back-second", "timeline.backSecond", "Shift+ArrowLeft"),
  one("forward-second", "timeline.forwardSecond", "Shift+ArrowRight"),
  one("start", "timeline.toStart", "Home"),
  one("end", "timeline.toEnd", "End"),
  one("take-before", "timeline.takeBefore", "ArrowUp"),
  one("take-after", "timeline.takeAfter", "ArrowDown"),
  one("mark", "timeline.mark.here", "M"),
  one("mark-before", "timeline.mark.before", ","),
  one("mark-after", "timeline.mark.after", "."),
  one("add", "timeline.lane.add", "A"),
  one("held", "timeline.held.title", "K"),
  one("live", "timeline.live", "Escape"),
];

/** What a key press does on the timeline. */
export function timelineAction(chord: string, keymap?: Keymap): TimelineAction | undefined {
  return TIMELINE_KEYS.find((shortcut) => keysFor(shortcut, keymap).includes(chord))?.action;
}

/** The first key of an action, as the help page has it now. */
export function timelineKeys(action: TimelineAction, keymap?: Keymap): string | undefined {
  const shortcut = TIMELINE_KEYS.find((entry) => entry.action === action);
  return shortcut && keysFor(shortcut, keymap)[0];
}
