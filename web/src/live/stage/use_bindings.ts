import { useMemo } from "react";
import { useDocument, type WorkflowDocument } from "../../document";
import { useCatalog } from "../../graph/catalog";
import { type Bindings, findBindings, graphFingerprint, screenNodes } from "../control/bindings";
import { isActive } from "../state";
import { useLive, useLiveRun } from "../store";

/** The graph that is steered: the one that runs, otherwise the open one. */
export function useSteeredGraph(): Pick<WorkflowDocument, "nodes" | "edges"> {
  const run = useLiveRun();
  const nodes = useDocument((state) => state.doc.nodes);
  const edges = useDocument((state) => state.doc.edges);
  const running = isActive(run) ? run.workflow : null;
  return useMemo(() => running ?? { nodes, edges }, [running, nodes, edges]);
}

export function useBindings(): Bindings {
  const graph = useSteeredGraph();
  const byId = useCatalog((state) => state.byId);
  return useMemo(() => findBindings(graph, (type) => byId.get(type)), [graph, byId]);
}

/** Nodes that can be put on the stage, the likeliest first. */
export function useScreenNodes(): readonly string[] {
  const graph = useSteeredGraph();
  const byId = useCatalog((state) => state.byId);
  return useMemo(() => screenNodes(graph, (type) => byId.get(type)), [graph, byId]);
}

/** Whether the open graph differs from the running one in a way that only a restart takes over. */
export function useGraphChanged(): boolean {
  const running = useLive(({ run }) => (run.status === "running" ? run.workflow : null));
  const nodes = useDocument((state) => state.doc.nodes);
  const edges = useDocument((state) => state.doc.edges);
  const byId = useCatalog((state) => state.byId);
  return useMemo(() => {
    if (running === null) return false;
    const fingerprint = (graph: Pick<WorkflowDocument, "nodes" | "edges">) =>
      graphFingerprint(graph, (type) => byId.get(type));
    return fingerprint(running) !== fingerprint({ nodes, edges });
  }, [running, nodes, edges, byId]);
}

/** The value an input has in the open document, or undefined; also while a run of another workflow is steered. */
export function useDocumentInput(node: string, input: string): unknown {
  const foreign = useLive((state) => state.foreign);
  const value = useDocument((state) => state.doc.nodes.find((one) => one.id === node)?.inputs[input]);
  return foreign ? undefined : value;
}
