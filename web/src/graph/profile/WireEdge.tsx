import { BezierEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import { useUi } from "../../app/use_ui";
import { t } from "../../text";
import type { FlowEdge } from "../flow_model";
import { useNodePath } from "../run_state";
import { useFillPercent } from "./profile_store";

/** A wire; in the profiling view it shows how full its channel is. */
export const WireEdge = memo(function WireEdge(props: EdgeProps<FlowEdge>) {
  const profiling = useUi((ui) => ui.profiling);
  return (
    <>
      <BezierEdge {...props} />
      {profiling && <Fill {...props} />}
    </>
  );
});

function Fill(props: EdgeProps<FlowEdge>) {
  const fill = useFillPercent(useNodePath(props.source), useNodePath(props.target));
  if (fill === null) return null;
  const [path, x, y] = getBezierPath(props);
  return (
    <>
      <path className="gn-fill" d={path} style={{ "--fill": fill / 100 } as React.CSSProperties} aria-hidden />
      <EdgeLabelRenderer>
        <span
          className="gn-fill-label"
          data-full={fill >= 80}
          title={t("graph.profile.fillHint", { fill })}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          {fill} %
        </span>
      </EdgeLabelRenderer>
    </>
  );
}
