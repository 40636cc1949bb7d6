/** The data type under which a node type is dragged from the palette onto the canvas. */
export const NODE_DRAG_TYPE = "application/x-nodegraph-node";
