import type { ReactNode } from "react";
import { createPortal } from "react-dom";

interface TipProps {
  readonly id: string;
  /** Left edge and lower edge of the tip are kept near this point, inside the window. */
  readonly left: number;
  readonly bottom: number;
  readonly children: ReactNode;
}

const WIDTH_PX = 260;

/** A few words beside what the pointer or the focus is on. */
export function Tip({ id, left, bottom, children }: TipProps) {
  return createPortal(
    <div
      id={id}
      role="tooltip"
      className="tl-tip"
      style={{
        left: Math.max(8, Math.min(window.innerWidth - WIDTH_PX - 8, left)),
        bottom: window.innerHeight - bottom + 6,
        maxWidth: WIDTH_PX,
      }}
    >
      {children}
    </div>,
    document.body,
  );
}
