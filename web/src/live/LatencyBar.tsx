import { liveText } from "../lib/text.live";
import { STAGES } from "./latency";
import { useLive } from "./store";
import "./live.css";

/** Where the time goes from moving a control to seeing it, by stage; medians over the last controls. */
export function LatencyBar() {
  const latency = useLive((state) => state.latency);
  if (!latency) {
    return (
      <div className="live-latency" data-empty>
        <span className="live-latency-title">{liveText.latency}</span>
        <span className="live-latency-hint">{liveText.latencyEmpty}</span>
      </div>
    );
  }
  return (
    <section className="live-latency" aria-label={liveText.latency}>
      <span className="live-latency-total">
        {Math.round(latency.totalMs)} <i>ms</i>
      </span>
      <ol className="live-latency-bar">
        {STAGES.map((stage) => {
          const ms = latency.stages[stage];
          const text = `${liveText.latencyStages[stage]} ${liveText.milliseconds(ms)}`;
          return (
            <li
              key={stage}
              data-stage={stage}
              style={{ flexGrow: Math.max(ms, latency.totalMs * 0.02) }}
              title={`${text}. ${liveText.latencyStageHints[stage]}`}
            >
              <span>{liveText.latencyStages[stage]}</span>
              <b>{Math.round(ms)}</b>
            </li>
          );
        })}
      </ol>
      <span className="live-latency-p95">{liveText.p95(latency.p95Ms)}</span>
    </section>
  );
}
