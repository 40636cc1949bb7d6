/** Which dialog of the timeline is open, and about what. Knows no React. */
import { createStore } from "zustand/vanilla";
import type { TakeControl } from "../protocol/messages.gen";

export type TimelineDialog =
  | { readonly kind: "add"; readonly tick: number; readonly lane: string | null }
  | { readonly kind: "held" }
  | { readonly kind: "control"; readonly control: TakeControl }
  | { readonly kind: "marker"; readonly tick: number };

export const dialogStore = createStore<{ readonly dialog: TimelineDialog | null }>(() => ({ dialog: null }));

export function openTimelineDialog(dialog: TimelineDialog): void {
  dialogStore.setState({ dialog });
}

export function closeTimelineDialog(): void {
  dialogStore.setState({ dialog: null });
}
