/** Which inputs of a workflow the stage steers: Live inputs with no wire whose widget names a stage control. Pure. */
import type { WorkflowDocument, WorkflowNode } from "../../document/types";
import { bindOf, type InputSchema, type NodeSchema } from "../../protocol/schema";
import { AXES, type Axis } from "./mixer";

export interface Binding {
  readonly node: string;
  readonly input: string;
}

export interface ActionBinding extends Binding {
  readonly options: readonly string[];
  readonly value: string;
}

export interface PromptBinding extends Binding {
  readonly title: string;
  readonly value: string;
  readonly multiline: boolean;
  /** What is typed may be a change of what holds: the server knows the words. */
  readonly directed: boolean;
}

/** A live input without a stage control, offered as a slider or switch beside the stage. */
export interface ParameterBinding extends Binding {
  readonly title: string;
  readonly schema: InputSchema;
  readonly value: unknown;
}

export interface Bindings {
  readonly axes: Readonly<Partial<Record<Axis, readonly Binding[]>>>;
  readonly actions: readonly ActionBinding[];
  readonly keypoints: readonly Binding[];
  readonly prompts: readonly PromptBinding[];
  readonly parameters: readonly ParameterBinding[];
}

export type SchemaOf = (type: string) => NodeSchema | undefined;

export const NO_BINDINGS: Bindings = { axes: {}, actions: [], keypoints: [], prompts: [], parameters: [] };

const AXIS_NAMES: readonly string[] = AXES;

interface Mutable {
  axes: Partial<Record<Axis, Binding[]>>;
  actions: ActionBinding[];
  keypoints: Binding[];
  prompts: PromptBinding[];
  parameters: ParameterBinding[];
}

function addBound(found: Mutable, bind: string, binding: Binding, schema: InputSchema, value: unknown): void {
  if (AXIS_NAMES.includes(bind)) {
    const axis = bind as Axis;
    found.axes[axis] = [...(found.axes[axis] ?? []), binding];
  } else if (bind === "action" && schema.widget?.kind === "choice") {
    found.actions.push({ ...binding, options: schema.widget.options, value: String(value) });
  } else if (bind === "pose.keypoints") {
    found.keypoints.push(binding);
  }
}

function addInput(found: Mutable, node: WorkflowNode, spec: NodeSchema, schema: InputSchema): void {
  const binding = { node: node.id, input: schema.name };
  const value = node.inputs[schema.name] ?? schema.default;
  const bind = bindOf(schema);
  const title = node.title ?? spec.name;
  if (bind !== null) addBound(found, bind, binding, schema, value);
  else if (schema.widget?.kind === "text") {
    const { multiline, words } = schema.widget;
    found.prompts.push({ ...binding, title, value: String(value ?? ""), multiline, directed: words !== undefined });
  } else if (schema.widget !== null) found.parameters.push({ ...binding, title, schema, value });
}

/** Find them all; muted and bypassed nodes have none. */
export function findBindings(document: Pick<WorkflowDocument, "nodes" | "edges">, schemaOf: SchemaOf): Bindings {
  const found: Mutable = { axes: {}, actions: [], keypoints: [], prompts: [], parameters: [] };
  const wired = new Set(document.edges.map(({ to: [node, input] }) => `${node}\u0000${input}`));
  for (const node of document.nodes) {
    const spec = schemaOf(node.type);
    if (!spec || (node.mode ?? "active") !== "active") continue;
    for (const schema of spec.inputs) {
      if (schema.mode !== "live" || wired.has(`${node.id}\u0000${schema.name}`)) continue;
      addInput(found, node, spec, schema);
    }
  }
  return found;
}

/** Nodes that show frames: candidates for the stage, previews before savers. */
export function screenNodes(document: Pick<WorkflowDocument, "nodes">, schemaOf: SchemaOf): string[] {
  const takesFrames = document.nodes.filter((node) => {
    const spec = schemaOf(node.type);
    return spec?.output_node && spec.inputs.some((input) => input.type === "FRAMES");
  });
  const isPreview = (node: WorkflowNode) => (node.type === "view.preview" ? 0 : 1);
  return takesFrames.sort((a, b) => isPreview(a) - isPreview(b)).map((node) => node.id);
}

/** What the stage has to restart for: everything of the graph that a running graph cannot take as a control. */
export function graphFingerprint(document: Pick<WorkflowDocument, "nodes" | "edges">, schemaOf: SchemaOf): string {
  const live = (type: string) =>
    new Set(schemaOf(type)?.inputs.flatMap((input) => (input.mode === "live" ? [input.name] : [])));
  const nodes = document.nodes
    .filter((node) => node.type !== "util.note")
    .map((node) => {
      const steered = live(node.type);
      const inputs = Object.entries(node.inputs).filter(([name]) => !steered.has(name));
      return [node.id, node.type, node.mode ?? "active", inputs.sort(([a], [b]) => (a < b ? -1 : 1))];
    });
  const edges = document.edges.map((edge) => [...edge.from, ...edge.to].join("\u0000")).sort();
  return JSON.stringify([nodes, edges]);
}
