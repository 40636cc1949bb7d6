/** Which ports inside a subgraph could be exposed, and the definition after a choice. Pure. */
import type { End, Subgraph } from "../document/types";
import type { SchemaOf } from "./compat";
import { freeName } from "./subgraph_edits";

export interface Candidate {
  readonly side: "input" | "output";
  readonly node: string;
  /** The node's title for people. */
  readonly title: string;
  readonly port: string;
  readonly type: string;
  /** The name under which it is exposed, or null. */
  readonly exposed: string | null;
}

/** Free inputs and all outputs inside, in the order of the nodes. */
export function candidates(definition: Subgraph, schemaOf: SchemaOf): readonly Candidate[] {
  const wired = new Set(definition.edges.map((edge) => edge.to.join("\u0000")));
  return definition.nodes.flatMap((node) => {
    const schema = schemaOf(node.type);
    if (!schema) return [];
    const base = { node: node.id, title: node.title ?? schema.name };
    const inputs = schema.inputs
      .filter((input) => !wired.has(`${node.id}\u0000${input.name}`))
      .map((input): Candidate => {
        const exposed = definition.inputs.find((port) => port.to.some((end) => same(end, [node.id, input.name])));
        return { ...base, side: "input", port: input.name, type: input.type, exposed: exposed?.name ?? null };
      });
    const outputs = schema.outputs.map((output): Candidate => {
      const exposed = definition.outputs.find((port) => same(port.from, [node.id, output.name]));
      return { ...base, side: "output", port: output.name, type: output.type, exposed: exposed?.name ?? null };
    });
    return [...inputs, ...outputs];
  });
}

function same(a: End, b: End): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** The definition with one port exposed or hidden. */
export function exposing(definition: Subgraph, { side, node, port }: Candidate, on: boolean): Subgraph {
  const end: End = [node, port];
  if (side === "output") {
    const others = definition.outputs.filter(({ from }) => !same(from, end));
    const name = freeName(port, new Set(others.map((one) => one.name)));
    return { ...definition, outputs: on ? [...others, { name, from: end }] : others };
  }
  const others = definition.inputs
    .map((one) => ({ ...one, to: one.to.filter((to) => !same(to, end)) }))
    .filter((one) => one.to.length > 0);
  const name = freeName(port, new Set(others.map((one) => one.name)));
  return { ...definition, inputs: on ? [...others, { name, to: [end] }] : others };
}

/** The definition with one exposed port under another name; null where the name is taken or empty. */
export function renaming(definition: Subgraph, side: Candidate["side"], from: string, to: string): Subgraph | null {
  const list: readonly { readonly name: string }[] = side === "input" ? definition.inputs : definition.outputs;
  if (to === "" || list.some((port) => port.name === to)) return null;
  const renamed = <T extends { readonly name: string }>(ports: readonly T[]) =>
    ports.map((port) => (port.name === from ? { ...port, name: to } : port));
  return side === "input"
    ? { ...definition, inputs: renamed(definition.inputs) }
    : { ...definition, outputs: renamed(definition.outputs) };
}
