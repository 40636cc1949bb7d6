import { useConnection, ViewportPortal } from "@xyflow/react";
import { Ban } from "lucide-react";
import { openGraph } from "../document/store";
import type { WorkflowEdge } from "../document/types";
import { getNodeSchema } from "./catalog";
import { refusal } from "./compat";

/** The reason beside the pointer while a wire hovers over a port it does not fit. */
export function WireHint() {
  const hint = useConnection((connection) => {
    if (!connection.inProgress || !connection.toHandle || connection.isValid !== false) return "";
    const { fromHandle, toHandle } = connection;
    return JSON.stringify({
      x: connection.to.x,
      y: connection.to.y,
      a: [fromHandle.nodeId, fromHandle.id],
      b: [toHandle.nodeId, toHandle.id],
      forward: fromHandle.type === "source",
      sameSide: fromHandle.type === toHandle.type,
    });
  });
  if (hint === "") return null;
  const { x, y, a, b, forward, sameSide } = JSON.parse(hint) as Hint;
  const edge: WorkflowEdge = forward ? { from: a, to: b } : { from: b, to: a };
  const reason = sameSide ? null : refusal(openGraph(), getNodeSchema, edge);
  if (reason === null) return null;
  return (
    <ViewportPortal>
      <div className="gn-wire-hint" role="status" style={{ transform: `translate(${x + 16}px, ${y + 14}px)` }}>
        <Ban size={13} aria-hidden />
        {reason}
      </div>
    </ViewportPortal>
  );
}

interface Hint {
  readonly x: number;
  readonly y: number;
  readonly a: [string, string];
  readonly b: [string, string];
  readonly forward: boolean;
  readonly sameSide: boolean;
}
