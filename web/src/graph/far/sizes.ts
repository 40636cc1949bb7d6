/** How large a node is, also before it was ever drawn. */
import type { NodeSchema } from "../../protocol/schema";
import { type FlowNode, isGroup, NODE_WIDTH } from "../flow_model";

const HEADER_PX = 36;
const ROW_PX = 28;
const TALL_ROW_PX = 92;
const PADDING_PX = 14;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function sizeOf(node: FlowNode, schema: NodeSchema | undefined): Size {
  const width = node.measured?.width ?? node.width ?? NODE_WIDTH;
  const height = node.measured?.height ?? node.height;
  if (height !== undefined || isGroup(node) || !schema) return { width, height: height ?? HEADER_PX + 3 * ROW_PX };
  if (node.data.node.collapsed) return { width, height: HEADER_PX };
  const plain = schema.inputs.filter((input) => input.widget === null).length;
  const rows = Math.max(plain, schema.outputs.length) * ROW_PX;
  const widgets = schema.inputs.filter((input) => input.widget !== null);
  const tall = widgets.filter((input) => input.widget?.kind === "text" && input.widget.multiline).length;
  return { width, height: HEADER_PX + PADDING_PX + rows + tall * TALL_ROW_PX + (widgets.length - tall) * ROW_PX };
}
