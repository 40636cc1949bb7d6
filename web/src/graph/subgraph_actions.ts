/** What a user does to subgraphs. */
import { openDialog } from "../app/ui_store";
import { contains } from "../document/flatten";
import { definitionAt } from "../document/scope";
import { documentStore, edit, getWorkflow, openGraph, openScope } from "../document/store";
import { instanceType, type Subgraph, subgraphOf, type WorkflowGroup, type WorkflowNode } from "../document/types";
import { errorText } from "../lib/error_text";
import { toast } from "../lib/toast";
import { keepInBrowser, keepOnServer } from "../share/blueprint_library";
import { t } from "../text";
import { adopt, type Blueprint, withInner } from "./blueprints";
import { getNodeSchema } from "./catalog";
import { createIds } from "./clipboard";
import { boxesOf, selection, selectOnly } from "./flow_store";
import { bounds } from "./layout";
import type { Point } from "./point";
import { makeSubgraph, redefine, unpack } from "./subgraph_edits";

export function makeSubgraphOfSelection(): void {
  const { nodes, groups } = selection();
  if (nodes.length === 0) {
    toast({ kind: "info", title: t("graph.subgraph.nothing") });
    return;
  }
  const doc = openGraph();
  const { x, y, width, height } = bounds(boxesOf(nodes));
  const frames = doc.groups.filter((group) => groups.includes(group.id));
  const made = makeSubgraph(doc, getNodeSchema, nodes, {
    name: frames[0]?.title ?? t("graph.subgraph"),
    at: [Math.round(x + width / 2 - 132), Math.round(y + height / 2 - 60)],
    groups: frames satisfies readonly WorkflowGroup[],
  });
  edit(t("graph.edits.subgraph", { n: nodes.length }), made.edit);
  selectOnly([made.instance]);
}

/** Open what is inside an instance of the open graph; says whether it is one. */
export function openInstance(id: string): boolean {
  const { scope, doc } = documentStore.getState();
  const inside = [...scope, id];
  if (definitionAt(doc, inside) === null) return false;
  openScope(inside);
  return true;
}

export function leaveSubgraph(): boolean {
  const { scope } = documentStore.getState();
  if (scope.length === 0) return false;
  openScope(scope.slice(0, -1));
  return true;
}

export function unpackInstance(id: string | undefined): void {
  const change = id === undefined ? null : unpack(openGraph(), id);
  if (id === undefined || change === null) return;
  const name = definitionOfNode(id)?.name ?? "";
  edit(t("graph.edits.unpack", { name }), change.edit);
  selectOnly(change.nodes);
}

/** The definition that a node of the open graph is an instance of. */
export function definitionOfNode(id: string): Subgraph | undefined {
  const doc = openGraph();
  const inner = subgraphOf(doc.nodes.find((node) => node.id === id)?.type ?? "");
  return doc.subgraphs.find((one) => one.id === inner);
}

/** Put another definition in a subgraph's place, after its ports or its name were changed. */
export function changeSubgraph(next: Subgraph, renamed: ReadonlyMap<string, string> = new Map()): void {
  edit(t("graph.edits.ports", { name: next.name }), redefine(getWorkflow(), next.id, next, renamed));
}

export function saveBlueprint(id: string): void {
  const definition = definitionOfNode(id);
  const [first, ...rest] = definition ? withInner(getWorkflow(), definition.id) : [];
  if (!first) return;
  try {
    keepInBrowser({ subgraphs: [first, ...rest] });
  } catch (error) {
    toast({ kind: "error", title: t("graph.subgraph.noRoom"), detail: errorText(error) });
    return;
  }
  void onServerToo({ subgraphs: [first, ...rest] });
}

/** The browser has it; the server keeps it too where it answers, and the message says where it is. */
async function onServerToo(blueprint: Blueprint): Promise<void> {
  const title = t("graph.subgraph.savedBlueprint", { name: blueprint.subgraphs[0].name });
  try {
    await keepOnServer(blueprint);
    toast({ kind: "success", title, detail: t("share.place.both") });
  } catch (error) {
    toast({ kind: "info", title, detail: `${t("share.place.browser")}. ${errorText(error)}` });
  }
}

/** Whether an instance of a subgraph may stand in the open graph; one that would hold itself may not. */
export function mayHold(subgraph: string): boolean {
  const { doc, scope } = documentStore.getState();
  const open = definitionAt(doc, scope);
  return open === null || !contains(doc, subgraph, open.id);
}

/** Add an instance of a blueprint; its subgraphs come along where the workflow lacks them. */
export function addBlueprint(blueprint: Blueprint, at: Point): void {
  const doc = openGraph();
  const { subgraphs, ids } = adopt(doc, blueprint.subgraphs);
  const [main] = blueprint.subgraphs;
  const id = createIds(doc)();
  const node: WorkflowNode = {
    id,
    type: instanceType(ids.get(main.id) ?? main.id),
    version: 1,
    inputs: {},
    pos: [Math.round(at.x), Math.round(at.y)],
  };
  if (!mayHold(ids.get(main.id) ?? main.id)) {
    toast({ kind: "error", title: t("graph.subgraph.inItself") });
    return;
  }
  edit(t("graph.edits.add", { name: main.name }), {
    kind: "batch",
    edits: [
      { kind: "set-subgraphs", subgraphs },
      { kind: "add", nodes: [node], edges: [] },
    ],
  });
  selectOnly([id]);
}

export function showPorts(): void {
  if (documentStore.getState().scope.length > 0) openDialog("ports");
}
