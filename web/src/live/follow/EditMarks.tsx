import { useFollow } from "./follow_store";

const COLORS = { sent: "var(--info)", applied: "var(--ok)", "rolled-back": "var(--danger)" } as const;

/** The nodes of the last live edit glow until it is a thing of the past. One style rule, so that no node redraws. */
export function EditMarks() {
  const mark = useFollow((state) => state.mark);
  if (!mark || mark.nodes.length === 0) return null;
  const ids = mark.nodes.map((id) => `.react-flow__node[data-id="${CSS.escape(id)}"]`).join(",");
  return (
    <style
      data-edit={mark.kind}
    >{`:is(${ids}) > * { outline: 2px solid ${COLORS[mark.kind]}; outline-offset: 3px; border-radius: var(--r-3); }`}</style>
  );
}
