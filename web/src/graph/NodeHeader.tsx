import { ChevronDown, CircleAlert, Ellipsis, LoaderCircle, Lock, SquareArrowDownRight, Zap } from "lucide-react";
import { useStore } from "zustand";
import type { Problem } from "../document/problems";
import { subgraphOf, type WorkflowNode } from "../document/types";
import type { NodeState } from "../live";
import { t } from "../text";
import type { NodeSchema } from "../protocol/schema";
import { patchNodes, toggleCollapsed } from "./actions";
import { categoryIcon } from "./icons";
import { NodeTime } from "./profile/NodeTime";
import { useNodePath } from "./run_state";
import { openInstance } from "./subgraph_actions";
import { menuStore, openMenu, startRename } from "./menu_store";

interface NodeHeaderProps {
  readonly node: WorkflowNode;
  readonly schema: NodeSchema;
  readonly state: NodeState;
  readonly problems: readonly Problem[];
  readonly hard: boolean;
}

export function NodeHeader({ node, schema, state, problems, hard }: NodeHeaderProps) {
  const renaming = useStore(menuStore, (menu) => menu.renaming === node.id);
  const Icon = categoryIcon(schema.category);
  return (
    <header className="gn-header" onDoubleClick={() => openInstance(node.id) || startRename(node.id)}>
      <Icon className="gn-icon" size={14} aria-hidden />
      {renaming ? (
        <TitleInput node={node} fallback={schema.name} />
      ) : (
        <h3 title={schema.id}>{node.title ?? schema.name}</h3>
      )}
      {subgraphOf(node.type) !== null && (
        <button
          type="button"
          className="gn-head-button nodrag"
          aria-label={t("graph.subgraph.open")}
          title={t("graph.subgraph.open")}
          onClick={() => openInstance(node.id)}
        >
          <SquareArrowDownRight size={14} aria-hidden />
        </button>
      )}
      <NodeTime path={useNodePath(node.id)} />
      <NodeMarks node={node} state={state} problems={problems} hard={hard} />
      <button
        type="button"
        className="gn-head-button nodrag"
        aria-label={t("graph.nodeMenu")}
        title={t("graph.nodeMenu")}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          openMenu({ kind: "node", node: node.id, at: { x: box.left, y: box.bottom + 4 } });
        }}
      >
        <Ellipsis size={14} aria-hidden />
      </button>
      <button
        type="button"
        className="gn-head-button gn-collapse nodrag"
        aria-label={node.collapsed ? t("graph.expand") : t("app.commands.collapse")}
        aria-expanded={!node.collapsed}
        onClick={() => toggleCollapsed([node.id])}
      >
        <ChevronDown size={14} aria-hidden />
      </button>
      {state.status === "running" && <Progress done={state.done} total={state.total} />}
    </header>
  );
}

function NodeMarks({ node, state, problems, hard }: Omit<NodeHeaderProps, "schema">) {
  return (
    <>
      {node.pinned && (
        <span className="gn-mark" title={t("graph.pinned")}>
          <Lock size={12} aria-hidden />
        </span>
      )}
      {node.mode === "muted" && <span className="gn-badge">{t("graph.muted")}</span>}
      {node.mode === "bypassed" && <span className="gn-badge gn-badge-bypass">{t("graph.bypassed")}</span>}
      {state.status === "running" && <LoaderCircle className="gn-spin" size={13} aria-hidden />}
      {state.status === "cached" && (
        <span className="gn-mark" title={t("graph.cached")}>
          <Zap size={12} aria-hidden />
        </span>
      )}
      {problems.length > 0 && !hard && (
        <span className="gn-mark gn-mark-warn" title={problems.map((problem) => problem.message).join("\n")}>
          <CircleAlert size={13} aria-hidden />
        </span>
      )}
    </>
  );
}

function Progress({ done, total }: { readonly done: number; readonly total: number | null }) {
  if (total === null || total <= 0) return null;
  const share = Math.min(1, done / total);
  return (
    <span
      className="gn-progress"
      role="progressbar"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ transform: `scaleX(${share})` }} />
    </span>
  );
}

function TitleInput({ node, fallback }: { readonly node: WorkflowNode; readonly fallback: string }) {
  function finish(title: string | null) {
    startRename(null);
    if (title !== null) patchNodes(t("graph.edits.rename"), [node.id], { title: title.trim() || undefined });
  }
  return (
    <input
      className="gn-title-input nodrag"
      aria-label={t("app.commands.rename")}
      ref={(input) => {
        if (input && document.activeElement !== input) input.select();
      }}
      defaultValue={node.title ?? fallback}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key === "Escape") finish(null);
      }}
    />
  );
}
