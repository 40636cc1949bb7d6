import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { t } from "../../text";
import { createFarPainter } from "./painter";
import { createFarPointer } from "./pointer";
import "./far.css";

interface FarCanvasProps {
  readonly theme: string;
  readonly count: number;
}

/** The whole graph on one canvas, for when it is too far away to be read and too large for elements of its own. */
export function FarCanvas({ theme, count }: FarCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const marquee = useRef<HTMLDivElement>(null);
  const api = useStoreApi();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours, which the painter reads once
  useEffect(() => {
    const element = canvas.current;
    const host = element?.closest<HTMLElement>(".gn-canvas");
    if (!element || !host || !marquee.current) return;
    const view = () => {
      const { transform, width, height } = api.getState();
      return { x: transform[0], y: transform[1], zoom: transform[2], width, height };
    };
    const painter = createFarPainter(element, view);
    const stopView = api.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height)
        painter.update();
    });
    const pointer = createFarPointer(host, marquee.current, painter, view);
    return () => {
      pointer.destroy();
      stopView();
      painter.destroy();
    };
  }, [api, theme]);
  return (
    <div className="gn-far" role="img" aria-label={t("graph.overview", { n: count })}>
      <canvas ref={canvas} />
      <div ref={marquee} className="gn-far-marquee" hidden />
    </div>
  );
}
