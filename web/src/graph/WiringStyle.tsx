import { useConnection } from "@xyflow/react";
import { openGraph } from "../document/store";
import { getNodeSchema } from "./catalog";
import { passedType } from "./compat";
import { portTypeClass } from "./Port";

/** While a wire is drawn, ports it fits stand out and the others fade. One style rule, so that no node redraws. */
export function WiringStyle() {
  const from = useConnection((connection) =>
    connection.inProgress
      ? `${connection.fromHandle.type}\n${connection.fromNode.id}\n${connection.fromHandle.id}`
      : "",
  );
  if (from === "") return null;
  const [side = "", node = "", port = ""] = from.split("\n");
  const fits = side === "source" ? ".gn-input" : ".gn-output";
  const type = typeOf(side, node, port);
  if (type === "*") return null;
  const classes = [portTypeClass(type), "gn-type-any", ...(alsoFits(side, type) ?? [])];
  const wanted = classes.map((one) => `${fits}.${one}`).join(",");
  const own = `.react-flow__node[data-id="${CSS.escape(node)}"] .gn-port[data-handleid="${CSS.escape(port)}"]`;
  return (
    <style>{`.gn-canvas .gn-port:not(:is(${wanted}, ${own})) { opacity: 0.18; }
.gn-canvas .gn-port:is(${wanted}) { transform: translate(var(--port-shift), -50%) scale(1.45); box-shadow: 0 0 0 4px color-mix(in srgb, var(--port) 26%, transparent); }`}</style>
  );
}

function typeOf(side: string, id: string, port: string): string {
  const doc = openGraph();
  const schema = getNodeSchema(doc.nodes.find((one) => one.id === id)?.type ?? "");
  const ports = side === "source" ? schema?.outputs : schema?.inputs;
  const type = ports?.find((one) => one.name === port)?.type ?? "*";
  return type === "*" ? passedType(doc, getNodeSchema, id) : type;
}

function alsoFits(side: string, type: string): readonly string[] | null {
  if (side === "source" && type === "INT") return [portTypeClass("FLOAT")];
  if (side === "target" && type === "FLOAT") return [portTypeClass("INT")];
  return null;
}
