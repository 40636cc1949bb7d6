import { type PointerEvent, useRef, useState } from "react";
import { stickPosition } from "../control/drag";
import type { Axis, Source } from "../control/mixer";
import { steering } from "./stage_store";

interface StickProps {
  readonly source: Extract<Source, "stick-left" | "stick-right">;
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
}

const RADIUS_PX = 38;
const REST = { dx: 0, dy: 0 };

/** An on-screen stick for fingers; it springs back when let go. Keys do the same, so it is not in the tab order. */
export function Stick({ source, label, x, y }: StickProps) {
  const [knob, setKnob] = useState(REST);
  const start = useRef<{ x: number; y: number } | null>(null);

  function move(event: PointerEvent): void {
    if (!start.current) return;
    const dx = event.clientX - start.current.x;
    const dy = event.clientY - start.current.y;
    const position = stickPosition(dx, dy, RADIUS_PX);
    steering.mixer.set(source, x, position.x);
    steering.mixer.set(source, y, position.y);
    const scale = Math.min(1, RADIUS_PX / Math.max(1, Math.hypot(dx, dy)));
    setKnob({ dx: dx * scale, dy: dy * scale });
  }

  function release(): void {
    start.current = null;
    steering.mixer.release(source);
    setKnob(REST);
  }

  return (
    <div
      className="stage-stick"
      role="group"
      aria-label={label}
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        start.current = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
    >
      <span className="stage-stick-label" aria-hidden>
        {label}
      </span>
      <span
        className="stage-stick-knob"
        data-held={knob !== REST || undefined}
        style={{ transform: `translate(${knob.dx}px, ${knob.dy}px)` }}
        aria-hidden
      />
    </div>
  );
}
