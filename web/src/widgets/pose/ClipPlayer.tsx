import { Pause, Play } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useUi } from "../../app/use_ui";
import { t } from "../../text";
import { fitted } from "../camera/first_person";
import { BONE_PAIRS, type Box, boxOf, type Clip, HEAD, lengthOf, poseAt, readClip, seen } from "./clip";
import "./pose.css";

interface ClipPlayerProps {
  readonly url: string;
  readonly loop: boolean;
}

const MAX_BYTES = 16_000_000;
const MIDDLE = 0.5;

/** A stick figure that plays an uploaded clip, with a slider to look at any moment of it. */
export default function ClipPlayer({ url, loop }: ClipPlayerProps) {
  const [clip, setClip] = useState<Clip | "loading" | "failed">("loading");
  useEffect(() => {
    const stop = new AbortController();
    setClip("loading");
    fetchClip(url, stop.signal).then(setClip, () => {
      if (!stop.signal.aborted) setClip("failed");
    });
    return () => stop.abort();
  }, [url]);
  if (clip === "loading") return <p className="ps-note">{t("widgets.loading")}</p>;
  if (clip === "failed") return <p className="ps-note">{t("widgets.pose.unreadable")}</p>;
  return <Player clip={clip} loop={loop} />;
}

async function fetchClip(url: string, signal: AbortSignal): Promise<Clip> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || Number(answer.headers.get("Content-Length") ?? 0) > MAX_BYTES) throw new Error("not shown");
  const clip = readClip(await answer.json());
  if (!clip) throw new Error("not a clip");
  return clip;
}

function Player({ clip, loop }: { readonly clip: Clip; readonly loop: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useUi((ui) => ui.theme);
  const box = useMemo(() => boxOf(clip), [clip]);
  const length = lengthOf(clip);
  const [time, setTime] = useState(() => length * MIDDLE);
  const [playing, setPlaying] = useState(false);

  // The theme decides the colours that are read while drawing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (canvas.current) draw(canvas.current, clip, box, time, loop);
  }, [clip, box, time, loop, theme]);

  useEffect(() => {
    if (!playing) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const passed = (now - before) / 1000;
      before = now;
      setTime((at) => (loop ? (at + passed) % length : Math.min(length, at + passed)));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, loop, length]);

  const label = playing ? t("widgets.pause") : t("widgets.play");
  return (
    <div className="ps-player">
      <canvas ref={canvas} role="img" aria-label={t("widgets.pose.figure")} />
      <div className="ps-bar">
        <button
          type="button"
          aria-label={label}
          title={label}
          onClick={() => {
            if (!playing && !loop && time >= length) setTime(0);
            setPlaying(!playing);
          }}
        >
          {playing ? <Pause size={13} aria-hidden /> : <Play size={13} aria-hidden />}
        </button>
        <input
          type="range"
          aria-label={t("widgets.pose.scrub")}
          min={0}
          max={length}
          step={1 / clip.fps}
          value={time}
          onChange={(event) => {
            setPlaying(false);
            setTime(Number(event.target.value));
          }}
        />
        <output>{t("widgets.seconds", { s: time.toFixed(1) })}</output>
      </div>
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, clip: Clip, box: Box, time: number, loop: boolean): void {
  const area = fitted(canvas);
  if (!area) return;
  const { context, width, height } = area;
  const style = getComputedStyle(canvas);
  const scale = Math.min(width / box.width, height / box.height);
  const [offX, offY] = [(width - box.width * scale) / 2, (height - box.height * scale) / 2];
  const points = poseAt(clip, time, loop).map((point) => {
    const [x, y] = seen(point, clip.space);
    return [offX + (x - box.left) * scale, offY + (y - box.top) * scale] as const;
  });
  context.clearRect(0, 0, width, height);
  context.strokeStyle = context.fillStyle = style.getPropertyValue("--cat-pose").trim();
  context.lineWidth = Math.max(2, scale * (clip.space === "world" ? 0.06 : 0.02));
  context.lineCap = "round";
  context.beginPath();
  for (const [from, to] of BONE_PAIRS) {
    const [a, b] = [points[from], points[to]];
    if (!a || !b) continue;
    context.moveTo(...a);
    context.lineTo(...b);
  }
  context.stroke();
  const head = points[HEAD];
  if (!head) return;
  context.beginPath();
  context.arc(...head, Math.max(4, scale * (clip.space === "world" ? 0.12 : 0.04)), 0, 2 * Math.PI);
  context.fill();
}
