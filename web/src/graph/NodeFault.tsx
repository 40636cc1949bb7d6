import { TriangleAlert } from "lucide-react";
import type { Problem } from "../document/problems";
import type { NodeState } from "../live";
import { t } from "../text";

interface NodeFaultProps {
  readonly state: NodeState;
  readonly problems: readonly Problem[];
}

/** What went wrong at this node, in plain words, with the remedy. */
export function NodeFault({ state, problems }: NodeFaultProps) {
  const faults: readonly Partial<Problem>[] = state.status === "error" && state.error ? [state.error] : problems;
  if (faults.length === 0) return null;
  return (
    <div className="gn-fault nodrag" role="alert">
      {faults.map((fault) => (
        <div key={`${fault.port}${fault.message}`} className="gn-fault-one">
          <p>
            <TriangleAlert size={13} aria-hidden />
            <span>
              {fault.port && <b>{fault.port}: </b>}
              {fault.message}
            </span>
          </p>
          {fault.got != null && <Detail label={t("graph.got")} value={fault.got} />}
          {fault.expected != null && <Detail label={t("graph.expected")} value={fault.expected} />}
          {fault.remedy && <p className="gn-remedy">{fault.remedy}</p>}
        </div>
      ))}
    </div>
  );
}

function Detail({ label, value }: { readonly label: string; readonly value: unknown }) {
  return (
    <p className="gn-fault-detail">
      <span>{label}</span> {typeof value === "string" ? value : JSON.stringify(value)}
    </p>
  );
}
