import { t } from "../../text";
import { useLive, useLiveRun } from "../store";
import { useStage } from "./stage_store";
import "./hud.css";

const FRAMES_PER_TICK = 4;

/** Time code of a tick, as on a camera: minutes, seconds, frames. Tick 0 is one frame, every other tick four. */
export function timecode(tick: number, fps: number): string {
  const frame = tick === 0 ? 0 : (tick - 1) * FRAMES_PER_TICK + 1;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = frame / fps;
  return `${two(seconds / 60)}:${two(seconds % 60)}:${two(frame % fps)}`;
}

/** Read-outs of the running picture: live lamp, time code, rates and latency. */
export function Hud({ size }: { size: string | null }) {
  const { status, from } = useLiveRun();
  const pulse = useLive((state) => state.pulse);
  const drawnFps = useLive((state) => state.drawnFps);
  const latency = useLive((state) => state.latency);
  const hud = useStage((state) => state.hud);
  const live = status === "running" || status === "stopping";
  return (
    <div className="stage-hud">
      <span className="stage-lamp" data-live={live || undefined}>
        {live ? t("stage.live") : t("stage.hold")}
      </span>
      <span className="stage-timecode" title={t("stage.timecodeHint", { tick: pulse.tick })}>
        {timecode(pulse.tick, 24)}
      </span>
      {live && from?.exact === false && (
        <span className="stage-readout stage-approximate" title={t("timeline.approximate.take")}>
          {t("stage.approximateSign")}
        </span>
      )}
      {hud && (
        <>
          {live && (
            <span className="stage-readout" title={t("stage.fpsHint")}>
              {drawnFps.toFixed(1)} <i>fps</i>
            </span>
          )}
          {live && latency && (
            <span className="stage-readout" title={t("stage.latencyHint")}>
              {Math.round(latency.totalMs)} <i>ms</i>
            </span>
          )}
          {size && <span className="stage-readout stage-wide-only">{size}</span>}
          {pulse.viewers > 1 && <span className="stage-readout">{t("stage.viewers", { n: pulse.viewers })}</span>}
        </>
      )}
    </div>
  );
}
