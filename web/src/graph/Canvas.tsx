import {
  Background,
  BackgroundVariant,
  type Connection,
  MiniMap,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore as useFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type DragEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { useUi } from "../app/use_ui";
import { useDocument } from "../document/hooks";
import { openGraph, setView } from "../document/store";
import { t } from "../text";
import { addNode, connect, edgeOfFlow, insertReroute } from "./actions";
import { fitGraph, MIN_ZOOM, setCanvas, setPointer, toCanvas } from "./canvas_api";
import { getNodeSchema } from "./catalog";
import { CanvasEmpty } from "./CanvasEmpty";
import { refusal } from "./compat";
import { droppedWire } from "./dropped_wire";
import type { FlowEdge, FlowNode } from "./flow_model";
import { groupIdOf } from "./flow_model";
import { changeEdges, changeNodes, createGroupDrag, flowStore, followDocument } from "./flow_store";
import { dropIntoWire } from "./into_wire";
import { closeMenu, openMenu } from "./menu_store";
import { minimapColor } from "./minimap";
import { NodeView } from "./NodeView";
import { NoteView } from "./notes/NoteView";
import { GroupView, RerouteView } from "./OtherNodes";
import { NODE_DRAG_TYPE } from "./palette_drag";
import { followProfile } from "./profile/profile_store";
import { ProfilePanel } from "./profile/ProfilePanel";
import { WireEdge } from "./profile/WireEdge";
import { FarCanvas } from "./far/FarCanvas";
import { FarMap } from "./far/FarMap";
import { type Nearby, nearby, regionKey, regionOf } from "./far/nearby";
import { SubgraphBar } from "./SubgraphBar";
import { WireHint } from "./WireHint";
import { WiringStyle } from "./WiringStyle";
import "./canvas.css";
import "./node.css";
import "./ports.css";
import "./fields.css";
import "./faults.css";
import "./profile/profile.css";

const NODE_TYPES = { node: NodeView, note: NoteView, reroute: RerouteView, frame: GroupView };
const EDGE_TYPES = { default: WireEdge };
const GRID = 16;
const FAR_ZOOM = 0.38;
/** With so many nodes the far view is one canvas instead of elements. */
const MANY_NODES = 150;
const NOTHING: Nearby = { nodes: [], edges: [] };

/** The graph: everything that can be seen and dragged. Edits go through `actions`; this only wires events to them. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Flow />
    </ReactFlowProvider>
  );
}

function Flow() {
  const { nodes, edges } = useStore(flowStore);
  const snap = useUi((ui) => ui.snap);
  const theme = useUi((ui) => ui.theme);
  const minimap = useUi((ui) => ui.minimap);
  const groupDrag = useRef<{ update(): void } | null>(null);
  const fitted = useViewport();
  const many = nodes.length > MANY_NODES;
  const far = useFlow((state) => state.transform[2] < FAR_ZOOM);
  const drawn = far && many;
  const region = useFlow((state) => (many ? regionKey(...state.transform, state.width, state.height) : ""));
  const shown = useMemo(() => {
    // What stands around the place that the view starts from need not be made before it is known where it goes.
    if (drawn || (many && !fitted)) return NOTHING;
    return region === "" ? { nodes, edges } : nearby(nodes, edges, regionOf(region), getNodeSchema);
  }, [drawn, many, fitted, region, nodes, edges]);
  const profiling = useUi((ui) => ui.profiling);
  useEffect(followDocument, []);
  useEffect(followProfile, []);

  return (
    <div className="gn-canvas" data-theme={theme}>
      <ReactFlow<FlowNode, FlowEdge>
        nodes={shown.nodes}
        edges={shown.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={(changes: NodeChange<FlowNode>[]) => changeNodes(changes)}
        onEdgesChange={changeEdges}
        onNodeDragStart={(_, node) => {
          groupDrag.current = groupIdOf(node.id) === null ? null : createGroupDrag(node.id);
        }}
        onNodeDrag={() => groupDrag.current?.update()}
        onNodeDragStop={(_, node, dragged) => {
          groupDrag.current?.update();
          groupDrag.current = null;
          // The move itself is written down first, so that undo takes the two apart.
          if (dragged.length === 1 && groupIdOf(node.id) === null) setTimeout(() => dropIntoWire(node.id));
        }}
        isValidConnection={isValid}
        onConnect={(connection) => connect(edgeOfFlow(connection))}
        onConnectEnd={droppedWire}
        connectionRadius={24}
        onMoveEnd={(_, view) => setView({ x: Math.round(view.x), y: Math.round(view.y), zoom: view.zoom })}
        onMoveStart={closeMenu}
        onPaneContextMenu={(event) => showMenu(event, { kind: "pane" })}
        onNodeContextMenu={(event, node) => {
          const group = groupIdOf(node.id);
          showMenu(event, group === null ? { kind: "node", node: node.id } : { kind: "group", group });
        }}
        onEdgeContextMenu={(event, edge) => showMenu(event, { kind: "edge", edge: edgeOfFlow(edge) })}
        onEdgeDoubleClick={(event, edge) => insertReroute(edgeOfFlow(edge), toCanvas(pointOf(event)))}
        onDoubleClick={(event) => {
          if (isPane(event.target)) openMenu({ kind: "search", at: pointOf(event), end: null });
        }}
        onPointerMove={(event) => setPointer({ x: event.clientX, y: event.clientY })}
        onPointerLeave={() => setPointer(null)}
        onDragOver={allowPaletteDrop}
        onDrop={dropFromPalette}
        snapToGrid={snap}
        snapGrid={[GRID, GRID]}
        minZoom={MIN_ZOOM}
        maxZoom={2.2}
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control", "Shift"]}
        selectionMode={SelectionMode.Partial}
        panActivationKeyCode={null}
        elevateNodesOnSelect
        onlyRenderVisibleElements
        proOptions={{ hideAttribution: true }}
        colorMode={theme}
        aria-label={t("app.canvas")}
      >
        <Background variant={BackgroundVariant.Dots} gap={GRID * 1.5} size={1.4} color="var(--canvas-dot)" />
        {minimap && nodes.length > 0 && !many && (
          <MiniMap<FlowNode>
            pannable
            zoomable
            nodeColor={minimapColor}
            nodeBorderRadius={8}
            ariaLabel={t("graph.minimap")}
            position="bottom-left"
          />
        )}
        <WiringStyle />
        <WireHint />
        <FarView />
      </ReactFlow>
      {drawn && <FarCanvas theme={theme} count={nodes.length} />}
      {minimap && many && <FarMap theme={theme} />}
      <SubgraphBar />
      {profiling && <ProfilePanel />}
      {nodes.length === 0 && <CanvasEmpty />}
    </div>
  );
}

/** Fit the graph when one is opened; says whether that is done. */
function useViewport(): boolean {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const opened = useDocument((state) => state.opened);
  const measured = useStore(flowStore, (state) => state.nodes.length > 0);
  const sized = useFlow((state) => state.width > 0);
  const [shown, setShown] = useState(-1);
  useEffect(() => {
    setCanvas(flow);
    return () => setCanvas(null);
  }, [flow]);
  useEffect(() => {
    if (!measured || !sized || shown === opened) return;
    const frame = requestAnimationFrame(() => {
      fitGraph(false);
      setShown(opened);
    });
    return () => cancelAnimationFrame(frame);
  }, [measured, sized, opened, shown]);
  return shown === opened;
}

/** Far away only shapes and names can be read: the widgets are not drawn there. */
function FarView() {
  const far = useFlow((state) => state.transform[2] < FAR_ZOOM);
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    ref.current?.closest(".gn-canvas")?.toggleAttribute("data-far", far);
  }, [far]);
  return <span ref={ref} hidden />;
}

function isValid(connection: Connection | FlowEdge): boolean {
  return refusal(openGraph(), getNodeSchema, edgeOfFlow(connection)) === null;
}

function pointOf(event: { clientX: number; clientY: number }): { x: number; y: number } {
  return { x: event.clientX, y: event.clientY };
}

function isPane(target: EventTarget): boolean {
  return target instanceof Element && target.classList.contains("react-flow__pane");
}

type MenuTarget =
  | { kind: "pane" }
  | { kind: "node"; node: string }
  | { kind: "group"; group: string }
  | { kind: "edge"; edge: ReturnType<typeof edgeOfFlow> };

function showMenu(event: MouseEvent | globalThis.MouseEvent, target: MenuTarget): void {
  event.preventDefault();
  openMenu({ ...target, at: pointOf(event) });
}

function allowPaletteDrop(event: DragEvent): void {
  if (event.dataTransfer.types.includes(NODE_DRAG_TYPE)) event.preventDefault();
}

function dropFromPalette(event: DragEvent): void {
  const type = event.dataTransfer.getData(NODE_DRAG_TYPE);
  if (type === "") return;
  event.preventDefault();
  addNode(type, toCanvas(pointOf(event)));
}
