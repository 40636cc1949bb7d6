import { type PointerEvent, useEffect, useRef, useState } from "react";
import { t, type TextKey } from "../../text";
import { steering } from "../stage/stage_store";
import { BONES } from "./landmarks";
import { dragJoint, HANDLES, type Joint, type Point, puppetKeypoints, scalePuppet, standingPuppet } from "./puppet";

const SPINE: readonly (readonly [Joint, Joint])[] = [
  ["pelvis", "chest"],
  ["chest", "nose"],
];
const NUDGE = 0.01;
const NUDGES: Record<string, Point> = {
  ArrowLeft: { x: -NUDGE, y: 0 },
  ArrowRight: { x: NUDGE, y: 0 },
  ArrowUp: { x: 0, y: -NUDGE },
  ArrowDown: { x: 0, y: NUDGE },
};

/** A stick figure over the picture; dragging a joint (or moving it with the arrow keys) poses the character. */
export function PuppetOverlay({ aspect }: { aspect: number }) {
  const [puppet, setPuppet] = useState(() => standingPuppet(aspect));
  const svg = useRef<SVGSVGElement>(null);
  const dragged = useRef<Joint | null>(null);
  useEffect(() => steering.keypoints(puppetKeypoints(puppet, aspect)), [puppet, aspect]);
  useEffect(() => () => steering.keypoints(null), []);

  function place(event: PointerEvent): Point {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return { x: ((event.clientX - box.left) / box.width) * aspect, y: (event.clientY - box.top) / box.height };
  }

  function move(event: PointerEvent): void {
    const joint = dragged.current;
    if (joint) setPuppet((old) => dragJoint(old, joint, place(event)));
  }

  function nudge(joint: Joint, code: string): boolean {
    const step = NUDGES[code];
    if (!step) return false;
    setPuppet((old) => dragJoint(old, joint, { x: old[joint].x + step.x, y: old[joint].y + step.y }));
    return true;
  }

  return (
    <svg
      ref={svg}
      className="stage-puppet"
      viewBox={`0 0 ${aspect} 1`}
      preserveAspectRatio="none"
      role="group"
      aria-label={t("stage.puppet")}
      onPointerMove={move}
      onPointerUp={() => {
        dragged.current = null;
      }}
      onWheel={(event) => {
        event.stopPropagation();
        setPuppet((old) => scalePuppet(old, event.deltaY < 0 ? 1.05 : 1 / 1.05));
      }}
      onDoubleClick={() => setPuppet(standingPuppet(aspect))}
    >
      {[...BONES, ...SPINE].map(([from, to]) => (
        <line key={`${from} ${to}`} x1={puppet[from].x} y1={puppet[from].y} x2={puppet[to].x} y2={puppet[to].y} />
      ))}
      {HANDLES.map((joint) => (
        <circle
          key={joint}
          cx={puppet[joint].x}
          cy={puppet[joint].y}
          r={joint === "pelvis" ? 0.018 : 0.013}
          data-root={joint === "pelvis" || undefined}
          tabIndex={0}
          role="button"
          aria-label={t(`stage.joint.${joint}` as TextKey)}
          onPointerDown={(event) => {
            event.stopPropagation();
            dragged.current = joint;
            svg.current?.setPointerCapture(event.pointerId);
          }}
          onKeyDown={(event) => {
            if (!nudge(joint, event.code)) return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      ))}
    </svg>
  );
}
