/** Groups and reroutes: what stands on the canvas besides nodes and notes. */
import { NodeResizer, type NodeProps } from "@xyflow/react";
import { ChevronDown } from "lucide-react";
import { memo, useState } from "react";
import { edit } from "../document/store";
import { t } from "../text";
import { useNodeState } from "../live";
import { useNodeSchema } from "./catalog";
import type { GraphFlowNode, GroupFlowNode } from "./flow_model";
import { openMenu } from "./menu_store";
import { Port } from "./Port";
import { useNodePath } from "./run_state";

export const GroupView = memo(function GroupView({ data, selected }: NodeProps<GroupFlowNode>) {
  const { group } = data;
  const [renaming, setRenaming] = useState(false);
  const patch = (name: string, change: Parameters<typeof patchGroup>[2]) => patchGroup(name, group.id, change);
  return (
    <section
      className="gn-group"
      style={group.color ? ({ "--cat": group.color } as React.CSSProperties) : undefined}
      aria-label={`${t("graph.group")} ${group.title}`}
    >
      <NodeResizer
        isVisible={selected && !group.collapsed}
        minWidth={160}
        minHeight={100}
        lineClassName="gn-resize-line"
        handleClassName="gn-resize-dot"
        onResizeEnd={(_, { x, y, width, height }) =>
          patch(t("graph.edits.resize"), {
            bounds: [Math.round(x), Math.round(y), Math.round(width), Math.round(height)] as const,
          })
        }
      />
      <button
        type="button"
        className="gn-group-fold nodrag"
        aria-expanded={!group.collapsed}
        aria-label={t(group.collapsed ? "graph.groupExpand" : "graph.groupCollapse")}
        title={t(group.collapsed ? "graph.groupExpand" : "graph.groupCollapse")}
        onClick={() => patch(t("graph.edits.collapse"), { collapsed: group.collapsed ? undefined : true })}
      >
        <ChevronDown size={15} aria-hidden />
      </button>
      <div
        className="gn-group-title"
        onDoubleClick={() => setRenaming(true)}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          openMenu({ kind: "group", group: group.id, at: { x: event.clientX, y: event.clientY } });
        }}
      >
        {renaming ? (
          <input
            className="gn-title-input nodrag"
            aria-label={t("app.commands.rename")}
            ref={(input) => input?.focus()}
            defaultValue={group.title}
            onBlur={(event) => {
              patch(t("graph.edits.rename"), { title: event.target.value });
              setRenaming(false);
            }}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === "Enter") event.currentTarget.blur();
              if (event.key === "Escape") setRenaming(false);
            }}
          />
        ) : (
          group.title
        )}
      </div>
    </section>
  );
});

type GroupChange = {
  readonly collapsed?: true | undefined;
  readonly title?: string;
  readonly bounds?: readonly [number, number, number, number];
};

function patchGroup(name: string, id: string, change: GroupChange): void {
  edit(name, { kind: "patch-groups", patches: new Map([[id, change]]) });
}

export const RerouteView = memo(function RerouteView({ id, data }: NodeProps<GraphFlowNode>) {
  const schema = useNodeSchema(data.node.type);
  const path = useNodePath(id);
  const state = useNodeState(path);
  const [input, output] = [schema?.inputs[0], schema?.outputs[0]];
  const shown = data.passes ?? "*";
  return (
    <div className="gn-reroute" data-status={state.status} title={shown}>
      {input && <Port port={input} side="input" wired={data.wired !== ""} shownType={shown} />}
      {output && <Port port={output} side="output" wired={false} shownType={shown} />}
    </div>
  );
});
