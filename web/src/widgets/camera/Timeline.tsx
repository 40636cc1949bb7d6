import { Pause, Play } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { IconButton } from "../../lib/ui";
import { t } from "../../text";
import { type CameraPath, TICKS_A_SECOND } from "./path";
import type { Playback } from "./use_playback";

interface TimelineProps {
  readonly path: CameraPath;
  readonly loop: boolean;
  readonly selected: number;
  readonly playback: Playback;
  readonly onSelect: (index: number) => void;
  /** The keyframe is being dragged to another tick; `done` when the hand lets go. */
  readonly onRetime: (index: number, tick: number, done: boolean) => void;
}

const MIN_TICKS = 24;
const ROOM_BEHIND = 1.15;

/** The time slider with the keyframes on it: a mark is clicked to select it and dragged to another time. */
export function Timeline({ path, loop, selected, playback, onSelect, onRetime }: TimelineProps) {
  const track = useRef<HTMLDivElement>(null);
  const held = useRef<number | null>(null);
  const last = path.at(-1)?.tick ?? 0;
  const length = Math.max(MIN_TICKS, Math.ceil(last * ROOM_BEHIND));
  const tickAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    return box ? Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length : 0;
  };
  const share = (tick: number) => `${(Math.min(tick, length) / length) * 100}%`;

  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) playback.seek(Math.round(playback.time) + step * (event.shiftKey ? TICKS_A_SECOND : 1));
    else if (event.key === "Home") playback.seek(0);
    else if (event.key === "End") playback.seek(last);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="cam-timeline">
      <IconButton
        label={playback.playing ? t("widgets.pause") : t("widgets.play")}
        icon={playback.playing ? <Pause size={16} /> : <Play size={16} />}
        onClick={playback.toggle}
      />
      <output className="cam-time">
        <b>{t("widgets.camera.tick", { tick: playback.time.toFixed(0) })}</b>
        <span>{t("widgets.seconds", { s: (playback.time / TICKS_A_SECOND).toFixed(1) })}</span>
      </output>
      <div className="cam-track" ref={track}>
        <div
          className="cam-slider"
          role="slider"
          tabIndex={0}
          aria-label={t("widgets.camera.time")}
          aria-valuemin={0}
          aria-valuemax={length}
          aria-valuenow={Math.round(playback.time)}
          aria-valuetext={t("widgets.seconds", { s: (playback.time / TICKS_A_SECOND).toFixed(1) })}
          onKeyDown={key}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            playback.seek(tickAt(event));
          }}
          onPointerMove={(event) => {
            if (event.buttons & 1) playback.seek(tickAt(event));
          }}
        >
          <span className="cam-rail" style={{ width: share(last) }} data-loop={loop} />
          <span className="cam-now" style={{ left: share(playback.time) }} />
        </div>
        {path.map((one, index) => (
          <button
            key={index}
            type="button"
            className="cam-mark"
            style={{ left: share(one.tick) }}
            aria-pressed={index === selected}
            aria-label={t("widgets.camera.keyframeAt", { n: index + 1, tick: one.tick })}
            title={t("widgets.camera.keyframeAt", { n: index + 1, tick: one.tick })}
            onClick={() => onSelect(index)}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              held.current = event.clientX;
              onSelect(index);
            }}
            onPointerMove={(event) => {
              if (held.current !== null && Math.abs(event.clientX - held.current) > 2) {
                onRetime(selected, Math.round(tickAt(event)), false);
              }
            }}
            onPointerUp={(event) => {
              const moved = held.current !== null && Math.abs(event.clientX - held.current) > 2;
              held.current = null;
              if (moved) onRetime(selected, Math.round(tickAt(event)), true);
            }}
          />
        ))}
      </div>
    </div>
  );
}
