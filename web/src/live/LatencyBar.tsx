import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../lib/ui";
import { t } from "../text";
import { LatencyDetails } from "./LatencyDetails";
import { STAGES } from "./latency";
import { useLive } from "./store";
import "./live.css";

/** Where the time goes from moving a control to seeing it, by stage; medians over the last controls. */
export function LatencyBar() {
  const latency = useLive((state) => state.latency);
  const stages = useLive((state) => state.stages);
  const [open, setOpen] = useState(false);
  if (!latency) {
    return (
      <div className="live-latency" data-empty>
        <span className="live-latency-title">{t("stage.latency")}</span>
        <span className="live-latency-hint">{t("stage.latencyEmpty")}</span>
      </div>
    );
  }
  return (
    <>
      <section className="live-latency" aria-label={t("stage.latency")}>
        <span className="live-latency-total">
          {Math.round(latency.totalMs)} <i>ms</i>
        </span>
        <ol className="live-latency-bar">
          {STAGES.map((stage) => {
            const ms = latency.stages[stage];
            const text = `${t(`stage.latencyStages.${stage}`)} ${t("stage.milliseconds", { n: Math.round(ms) })}`;
            return (
              <li
                key={stage}
                data-stage={stage}
                style={{ flexGrow: Math.max(ms, latency.totalMs * 0.02) }}
                title={`${text}. ${t(`stage.latencyStageHints.${stage}`)}`}
              >
                <span>{t(`stage.latencyStages.${stage}`)}</span>
                <b>{Math.round(ms)}</b>
              </li>
            );
          })}
        </ol>
        <span className="live-latency-p95">
          {t("stage.p95", { n: Math.round(latency.p95Ms) })} {t("stage.p99", { n: Math.round(latency.p99Ms) })}
        </span>
        {stages && (
          <IconButton
            size="s"
            label={t("stage.latency.details")}
            active={open}
            icon={<ChevronDown size={14} />}
            onClick={() => setOpen(!open)}
          />
        )}
      </section>
      {open && stages && <LatencyDetails data={stages} />}
    </>
  );
}
