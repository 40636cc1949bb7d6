import { Handle, Position } from "@xyflow/react";
import { CircleHelp } from "lucide-react";
import { useDocument } from "../document/hooks";
import { graphAt } from "../document/scope";
import type { WorkflowNode } from "../document/types";
import { t } from "../text";

/** A node whose pack is not installed: its wires are kept, so that nothing is lost by opening and saving. */
export function MissingNode({ node, wired }: { readonly node: WorkflowNode; readonly wired: string }) {
  const outgoing = useDocument((state) =>
    [
      ...new Set(
        graphAt(state.doc, state.scope)
          .edges.filter((edge) => edge.from[0] === node.id)
          .map((edge) => edge.from[1]),
      ),
    ].join("\n"),
  );
  const inputs = wired.split("\n").filter(Boolean);
  const outputs = outgoing.split("\n").filter(Boolean);
  return (
    <article className="gn-node gn-missing" data-status="error" aria-label={`${t("graph.missing")} ${node.type}`}>
      <header className="gn-header">
        <CircleHelp className="gn-icon" size={14} aria-hidden />
        <h3>{t("graph.missing")}</h3>
      </header>
      <div className="gn-body">
        {Array.from({ length: Math.max(inputs.length, outputs.length) }, (_, row) => (
          <div className="gn-ports" key={inputs[row] ?? `out-${outputs[row]}`}>
            {inputs[row] && (
              <Handle className="gn-port gn-input" id={inputs[row]} type="target" position={Position.Left} />
            )}
            <span className="gn-port-name">{inputs[row]}</span>
            <span className="gn-port-name">{outputs[row]}</span>
            {outputs[row] && (
              <Handle className="gn-port gn-output" id={outputs[row]} type="source" position={Position.Right} />
            )}
          </div>
        ))}
        <p className="gn-missing-detail">{t("graph.missingDetail", { type: node.type })}</p>
      </div>
    </article>
  );
}
