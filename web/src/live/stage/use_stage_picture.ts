import { useEffect, useMemo, useRef, useState } from "react";
import { getScreens } from "../session";
import { useLive } from "../store";
import { useStage } from "./stage_store";
import { useScreenNodes } from "./use_bindings";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface StagePicture {
  /** The node on the stage: the person's choice, else the first that sends frames; the last one stays while none does. */
  readonly nodeId: string | null;
  /** Nodes that send frames. */
  readonly choices: readonly string[];
  /** Size of its pictures, or null before the first one was drawn. */
  readonly size: PictureSize | null;
}

function usePictureSize(nodeId: string | null): PictureSize | null {
  const [size, setSize] = useState<PictureSize | null>(null);
  useEffect(() => {
    setSize(null);
    if (nodeId === null) return undefined;
    return getScreens().attach(nodeId, {
      draw: ({ width, height }) =>
        setSize((old) => (old?.width === width && old.height === height ? old : { width, height })),
    });
  }, [nodeId]);
  return size;
}

export function useStagePicture(): StagePicture {
  const sending = useLive((state) => state.screens);
  const order = useScreenNodes();
  const picked = useStage((state) => state.picked);
  const fresh = useLive(({ run }) => run.status === "idle");
  const last = useRef<string | null>(null);
  const choices = useMemo(
    () => [...order.filter((id) => sending.includes(id)), ...sending.filter((id) => !order.includes(id))],
    [order, sending],
  );
  const nodeId = (picked !== null && choices.includes(picked) ? picked : choices[0]) ?? (fresh ? null : last.current);
  useEffect(() => {
    last.current = nodeId;
  }, [nodeId]);
  return { nodeId, choices, size: usePictureSize(nodeId) };
}
