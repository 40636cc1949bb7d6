import type { TakeControl } from "../protocol/messages.gen";
import { receiptText } from "./receipt";
import { Tip } from "./Tip";
import { selectedTake, useTimeline } from "./timeline_store";

export const RECEIPT_ID = "tl-receipt";

/** The control that the pointer or the focus is on, and the element that shows it. */
export interface Tipped {
  readonly control: TakeControl;
  readonly at: Element;
}

const NO_CONTROLS: readonly TakeControl[] = [];

/** Beside a control of the log: that it was received, from which tick it was applied, and the first frame that shows it. */
export function ReceiptTip({ tipped }: { readonly tipped: Tipped | null }) {
  const recorded = useTimeline((state) => selectedTake(state)?.controls ?? NO_CONTROLS);
  if (!tipped) return null;
  const box = tipped.at.getBoundingClientRect();
  return (
    <Tip id={RECEIPT_ID} left={box.left} bottom={box.top}>
      {receiptText(tipped.control, recorded)}
    </Tip>
  );
}
