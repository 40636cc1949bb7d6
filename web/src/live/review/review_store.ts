/** What of the past the stage shows in place of the live picture: a tick of a take, playing or still, alone or beside another. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export interface Reviewed {
  readonly takeId: string;
  readonly name: string;
  readonly firstTick: number;
  /** The last tick whose picture is surely written. */
  readonly lastTick: number;
  /** A take that is still being recorded has pictures, but no video to play yet. */
  readonly hasVideo: boolean;
}

export interface ReviewState {
  readonly a: Reviewed | null;
  /** The take that A is compared with. */
  readonly b: Reviewed | null;
  readonly tick: number;
  readonly playing: boolean;
  /** Where the wipe stands: A left of it, B right of it, 0..1. */
  readonly split: number;
}

const LIVE: ReviewState = { a: null, b: null, tick: 0, playing: false, split: 0.5 };

export const reviewStore = createStore<ReviewState>(() => LIVE);

export function useReview<T>(selector: (state: ReviewState) => T): T {
  return useStore(reviewStore, selector);
}

/** Back to the live picture. */
export function leaveReview(): void {
  const { split } = reviewStore.getState();
  reviewStore.setState({ ...LIVE, split });
}

export function setSplit(split: number): void {
  reviewStore.setState({ split: Math.min(1, Math.max(0, split)) });
}
