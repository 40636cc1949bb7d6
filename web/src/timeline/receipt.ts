/** When a control of the log took effect, in the words of the one who sent it. Pure but for the words. */
import { framesBefore } from "../live/review/video_time";
import type { TakeControl } from "../protocol/messages.gen";
import { t } from "../text";

/** The first frame that a control changes, counted from the run's first frame, 0. */
export function firstFrame({ tick }: Pick<TakeControl, "tick">): number {
  return framesBefore(tick);
}

/** A control that was recorded was received and applied; one set by hand waits for the branch that replays it. */
export function receiptText(control: TakeControl, recorded: readonly TakeControl[]): string {
  const params = { tick: control.tick, frame: firstFrame(control) };
  return recorded.includes(control) ? t("timeline.receipt.applied", params) : t("timeline.receipt.planned", params);
}
