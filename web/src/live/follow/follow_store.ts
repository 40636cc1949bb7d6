/** Whether the running graph follows the canvas, and how the last change went. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { WorkflowDocument } from "../../document/types";
import type { ErrorBody } from "../../protocol/messages.gen";

/** A change that the running graph can't take: it waits for the person. */
export interface ColdChange {
  readonly changes: readonly string[];
  readonly document: WorkflowDocument;
}

export interface EditMark {
  readonly nodes: readonly string[];
  readonly kind: "sent" | "applied" | "rolled-back";
}

export interface FollowState {
  /** Send changes of the canvas to the running graph by themselves. */
  readonly on: boolean;
  readonly sending: boolean;
  readonly cold: ColdChange | null;
  /** Why the server refused the graph on the canvas; null where it did not. */
  readonly refused: ErrorBody | null;
  readonly mark: EditMark | null;
}

const KEY = "nodegraph.follow-canvas";

export const followStore = createStore<FollowState>(() => ({
  on: globalThis.localStorage?.getItem(KEY) !== "off",
  sending: false,
  cold: null,
  refused: null,
  mark: null,
}));

export function useFollow<T>(selector: (state: FollowState) => T): T {
  return useStore(followStore, selector);
}

export function setFollowCanvas(on: boolean): void {
  followStore.setState({ on, ...(on ? {} : { cold: null, refused: null }) });
  globalThis.localStorage?.setItem(KEY, on ? "on" : "off");
}
