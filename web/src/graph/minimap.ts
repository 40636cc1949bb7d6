import { getNodeSchema } from "./catalog";
import { categoryColor } from "./colors";
import { type FlowNode, isGroup } from "./flow_model";

export function minimapColor(node: FlowNode): string {
  if (isGroup(node)) return "var(--line-strong)";
  const schema = getNodeSchema(node.data.node.type);
  return node.data.node.color ?? categoryColor(schema?.category ?? "");
}
