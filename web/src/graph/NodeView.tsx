import { NodeResizeControl, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { subgraphOf, type WorkflowNode } from "../document/types";
import { NodePreview } from "../live";
import { t } from "../text";
import type { NodeSchema } from "../protocol/schema";
import { patchNodes } from "./actions";
import { useNodeSchema } from "./catalog";
import { categoryColor } from "./colors";
import { EstimateLine } from "./estimate/EstimateLine";
import type { GraphFlowNode } from "./flow_model";
import { InputRow } from "./InputRow";
import { MissingNode } from "./MissingNode";
import { NodeFault } from "./NodeFault";
import { NodeHeader } from "./NodeHeader";
import { Port } from "./Port";
import { useHeat } from "./profile/NodeTime";
import { previewPath, useNodePath, useRunState } from "./run_state";
import { useNodeProblems } from "./use_problems";

/** One node on the canvas. It redraws only when its own part of the document or of the run changes. */
export const NodeView = memo(function NodeView({ id, data, selected }: NodeProps<GraphFlowNode>) {
  const schema = useNodeSchema(data.node.type);
  return schema ? (
    <KnownNode id={id} node={data.node} schema={schema} wired={data.wired} selected={selected} />
  ) : (
    <MissingNode node={data.node} wired={data.wired} />
  );
});

interface KnownNodeProps {
  readonly id: string;
  readonly node: WorkflowNode;
  readonly schema: NodeSchema;
  readonly wired: string;
  readonly selected: boolean;
}

function KnownNode({ id, node, schema, wired, selected }: KnownNodeProps) {
  const path = useNodePath(id);
  const isInstance = subgraphOf(node.type) !== null;
  const state = useRunState(path, isInstance);
  const { problems, hard } = useNodeProblems(path);
  const color = node.color ?? categoryColor(schema.category);
  const names = new Set(wired.split("\n"));
  const wrongPort = state.error?.port ?? (hard ? problems[0]?.port : null) ?? null;
  const heat = useHeat(path);
  const failed = state.status === "error" || (hard && problems.length > 0);
  return (
    <article
      className="gn-node"
      data-status={failed ? "error" : state.status}
      data-mode={node.mode ?? "active"}
      data-instance={isInstance}
      data-collapsed={node.collapsed ?? false}
      data-heat={heat === null ? undefined : true}
      style={{ "--cat": color, "--load": heat ?? undefined } as React.CSSProperties}
      aria-label={t("graph.nodeLabel", { name: node.title ?? schema.name, state: state.status })}
    >
      <NodeHeader node={node} schema={schema} state={state} problems={problems} hard={hard} />
      {node.collapsed ? (
        <CollapsedPorts schema={schema} names={names} />
      ) : (
        <div className="gn-body">
          <PlainPorts schema={schema} names={names} wrongPort={wrongPort} />
          {schema.inputs
            .filter((input) => input.widget !== null)
            .map((input) => (
              <InputRow
                key={input.name}
                id={id}
                input={input}
                value={node.inputs[input.name]}
                wired={names.has(input.name)}
                wrong={wrongPort === input.name}
              />
            ))}
          <EstimateLine schema={schema} inputs={node.inputs} />
          {schema.output_node && <NodePreview nodeId={path} />}
          {isInstance && <InnerPreview path={path} />}
          <NodeFault state={state} problems={hard ? problems : []} />
        </div>
      )}
      {selected && !node.collapsed && (
        <NodeResizeControl
          className="gn-resize"
          position="right"
          minWidth={200}
          maxWidth={900}
          resizeDirection="horizontal"
          onResizeEnd={(_, { width, height }) =>
            patchNodes(t("graph.edits.resize"), [id], { size: [Math.round(width), Math.round(height)] })
          }
        />
      )}
    </article>
  );
}

function InnerPreview({ path }: { readonly path: string }) {
  const inner = previewPath(path);
  return inner === null ? null : <NodePreview nodeId={inner} />;
}

interface PortsProps {
  readonly schema: NodeSchema;
  readonly names: ReadonlySet<string>;
  readonly wrongPort?: string | null;
}

/** Inputs without a widget on the left, outputs on the right, row by row. */
function PlainPorts({ schema, names, wrongPort }: PortsProps) {
  const inputs = schema.inputs.filter((input) => input.widget === null);
  const rows = Math.max(inputs.length, schema.outputs.length);
  return Array.from({ length: rows }, (_, row) => {
    const [input, output] = [inputs[row], schema.outputs[row]];
    return (
      <div className="gn-ports" key={input?.name ?? `out-${output?.name}`}>
        {input && <Port port={input} side="input" wired={names.has(input.name)} wrong={wrongPort === input.name} />}
        <span className="gn-port-name" data-optional={input !== undefined && !input.required}>
          {input?.name}
        </span>
        <span className="gn-port-name">{output?.name}</span>
        {output && <Port port={output} side="output" wired={false} />}
      </div>
    );
  });
}

function CollapsedPorts({ schema, names }: PortsProps) {
  return (
    <div className="gn-collapsed-ports">
      {schema.inputs.map((input) => (
        <Port key={input.name} port={input} side="input" wired={names.has(input.name)} />
      ))}
      {schema.outputs.map((output) => (
        <Port key={output.name} port={output} side="output" wired={false} />
      ))}
    </div>
  );
}
