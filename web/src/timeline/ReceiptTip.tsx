import { createPortal } from "react-dom";
import type { TakeControl } from "../protocol/messages.gen";
import { receiptText } from "./receipt";
import { selectedTake, useTimeline } from "./timeline_store";

export const RECEIPT_ID = "tl-receipt";

/** The control that the pointer or the focus is on, and the element that shows it. */
export interface Tipped {
  readonly control: TakeControl;
  readonly at: Element;
}

const NO_CONTROLS: readonly TakeControl[] = [];
const WIDTH_PX = 260;

/** Beside a control of the log: that it was received, from which tick it was applied, and the first frame that shows it. */
export function ReceiptTip({ tipped }: { readonly tipped: Tipped | null }) {
  const recorded = useTimeline((state) => selectedTake(state)?.controls ?? NO_CONTROLS);
  if (!tipped) return null;
  const box = tipped.at.getBoundingClientRect();
  const left = Math.max(8, Math.min(window.innerWidth - WIDTH_PX - 8, box.left));
  return createPortal(
    <div
      id={RECEIPT_ID}
      role="tooltip"
      className="tl-receipt"
      style={{ left, bottom: window.innerHeight - box.top + 6, maxWidth: WIDTH_PX }}
    >
      {receiptText(tipped.control, recorded)}
    </div>,
    document.body,
  );
}
