import { useEffect, useRef } from "react";
import { canvasSurface } from "../playback/screens";
import { getScreens } from "../session";

/** The pictures of one node on a canvas of their own size; CSS scales it. */
export function Screen({ nodeId, label, className }: { nodeId: string; label: string; className: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) return getScreens().attach(nodeId, canvasSurface(canvas.current));
    return undefined;
  }, [nodeId]);
  return <canvas ref={canvas} width={5} height={3} className={className} role="img" aria-label={label} />;
}

const GLOW_SIZE = { width: 16, height: 10 };

/** The light that the picture throws on its surroundings: the picture at 16x10, which the browser's scaling blurs for nothing. */
export function Glow({ nodeId }: { nodeId: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d", { alpha: false });
    if (!context) return undefined;
    let skipped = 0;
    return getScreens().attach(nodeId, {
      draw(picture) {
        skipped = (skipped + 1) % 4;
        if (skipped === 1) context.drawImage(picture, 0, 0, GLOW_SIZE.width, GLOW_SIZE.height);
      },
    });
  }, [nodeId]);
  return <canvas ref={canvas} {...GLOW_SIZE} className="stage-glow" aria-hidden />;
}
