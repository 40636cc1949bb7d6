import { Pause, Play } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useUi } from "../../app/use_ui";
import { t } from "../../text";
import { boxOf, type Clip, lengthOf } from "./clip";
import { drawPose, fetchClip } from "./figure";
import "./pose.css";

interface ClipPlayerProps {
  readonly url: string;
  readonly loop: boolean;
}

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
    if (canvas.current) drawPose(canvas.current, clip, box, time, loop);
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
