import { useReactFlow, useStore as useFlow } from "@xyflow/react";
import { type PointerEvent, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { t } from "../../text";
import { getNodeSchema } from "../catalog";
import type { FlowEdge, FlowNode } from "../flow_model";
import { boxesOf, flowStore } from "../flow_store";
import { bounds } from "../layout";
import { draw } from "./draw";
import { readPalette } from "./palette";
import { sceneOf } from "./scene";

const MAP = { width: 200, height: 140, margin: 0.06 };
const DRAW_AFTER_MS = 80;

/** A small picture of a large graph with the view on it; a click or a drag moves the view there. */
export function FarMap({ theme }: { readonly theme: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const nodes = useStore(flowStore, (state) => state.nodes);
  const all = bounds(boxesOf(nodes.map((node) => node.id)));
  const zoom = Math.min(MAP.width / all.width, MAP.height / all.height) * (1 - MAP.margin);
  const left = (MAP.width - all.width * zoom) / 2 - all.x * zoom;
  const top = (MAP.height - all.height * zoom) / 2 - all.y * zoom;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours, which are read once
  useEffect(() => {
    const timer = setTimeout(() => {
      const context = canvas.current?.getContext("2d");
      if (!canvas.current || !context) return;
      const view = { x: left, y: top, zoom, width: MAP.width, height: MAP.height, density: 1 };
      draw(context, sceneOf(nodes, [], getNodeSchema), view, readPalette(canvas.current), null);
    }, DRAW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [nodes, left, top, zoom, theme]);

  function go(event: PointerEvent<HTMLDivElement>) {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left - left) / zoom, (event.clientY - box.top - top) / zoom];
    void flow.setCenter(x, y, { zoom: flow.getZoom() });
  }

  return (
    <div className="gn-far-map" role="img" aria-label={t("graph.minimap")} onPointerDown={go} onPointerMove={go}>
      <canvas ref={canvas} width={MAP.width} height={MAP.height} />
      <Window left={left} top={top} zoom={zoom} />
    </div>
  );
}

function Window({ left, top, zoom }: { readonly left: number; readonly top: number; readonly zoom: number }) {
  const [x, y, near] = useFlow((state) => state.transform);
  const width = useFlow((state) => state.width);
  const height = useFlow((state) => state.height);
  const style = {
    left: (-x / near) * zoom + left,
    top: (-y / near) * zoom + top,
    width: (width / near) * zoom,
    height: (height / near) * zoom,
  };
  return <i style={style} />;
}
