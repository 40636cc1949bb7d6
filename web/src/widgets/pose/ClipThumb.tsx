import { PersonStanding } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useUi } from "../../app/use_ui";
import { boxOf, type Clip, lengthOf } from "./clip";
import { drawPose, fetchClip, playFrames } from "./figure";

interface ClipThumbProps {
  readonly url: string;
  /** The figure moves; otherwise it holds a pose. */
  readonly playing: boolean;
}

const STILL_SHARE = 0.3;

/** A small figure of a clip, for a list of clips. */
export function ClipThumb({ url, playing }: ClipThumbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useUi((ui) => ui.theme);
  const [clip, setClip] = useState<Clip | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    fetchClip(url, stop.signal).then(setClip, () => undefined);
    return () => stop.abort();
  }, [url]);
  const box = useMemo(() => (clip ? boxOf(clip) : null), [clip]);
  // The theme decides the colours that are read while drawing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = canvas.current;
    if (!element || !clip || !box) return undefined;
    const still = lengthOf(clip) * STILL_SHARE;
    drawPose(element, clip, box, still, true);
    return playing ? playFrames((seconds) => drawPose(element, clip, box, still + seconds, true)) : undefined;
  }, [clip, box, playing, theme]);
  return clip ? <canvas ref={canvas} aria-hidden /> : <PersonStanding size={34} aria-hidden />;
}
