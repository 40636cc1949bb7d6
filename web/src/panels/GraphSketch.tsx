import type { Workflow } from "../protocol/messages.gen";
import { sketch } from "./sketch";

/** A workflow drawn small: its nodes in their category's colour, joined by its wires. */
export function GraphSketch({ document }: { document: Workflow }) {
  const { viewBox, boxes, wires } = sketch(document);
  return (
    <svg className="panel-sketch" viewBox={viewBox} preserveAspectRatio="xMidYMid meet" aria-hidden>
      {wires.map(({ key, path }) => (
        <path key={key} d={path} />
      ))}
      {boxes.map(({ id, x, y, width, height, category }) => (
        <g key={id} style={{ "--tone": `var(--cat-${category}, var(--cat-other))` } as React.CSSProperties}>
          <rect x={x} y={y} width={width} height={height} rx={12} />
          <rect className="panel-sketch-head" x={x} y={y} width={width} height={Math.min(30, height)} rx={12} />
        </g>
      ))}
    </svg>
  );
}
