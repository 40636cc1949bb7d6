/** What runs say about the nodes of the open graph; of an instance, what they say about the nodes inside it. */
import { useDocument } from "../document/hooks";
import { flatten } from "../document/flatten";
import { documentStore } from "../document/store";
import { type NodeState, useLive, useNodeState } from "../live";
import { getNodeSchema } from "./catalog";

/** The path of a node of the open graph, as runs, problems and controls name it. */
export function useNodePath(id: string): string {
  return useDocument((state) => (state.scope.length === 0 ? id : [...state.scope, id].join("/")));
}

const URGENT: readonly NodeState["status"][] = ["error", "running", "queued", "done", "cached"];

/** The state of a node, or the most urgent one of those inside an instance. */
export function useRunState(path: string, isInstance: boolean): NodeState {
  const inner = useLive((state) => {
    if (!isInstance || state.foreign) return path;
    const inside = Object.keys(state.nodes).filter((id) => id.startsWith(`${path}/`));
    for (const status of URGENT) {
      const found = inside.find((id) => state.nodes[id]?.status === status);
      if (found !== undefined) return found;
    }
    return path;
  });
  return useNodeState(inner);
}

/** The node inside an instance whose pictures stand for it: its first output node, or null. */
export function previewPath(path: string): string | null {
  const { nodes } = flatten(documentStore.getState().doc);
  const inside = nodes.filter((node) => node.id.startsWith(`${path}/`));
  return inside.find((node) => getNodeSchema(node.type)?.output_node)?.id ?? null;
}
