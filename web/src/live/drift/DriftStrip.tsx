import { Anchor, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../../lib/ui";
import type { Alarm } from "../../protocol/messages.gen";
import { t, type TextKey } from "../../text";
import { reanchor } from "../branch";
import { useLiveRun } from "../store";
import { KEPT_TICKS, type Stat, STATS } from "./drift_state";
import { useDrift, watchDrift } from "./drift_store";
import { heightOf, rangeOf, sparkPath } from "./spark";
import "./drift.css";

const LEARN_TICKS = 360;
const shortNumber = (value: number) => value.toFixed(Math.abs(value) < 10 ? 3 : 1);
export const statName = (name: string): string => t(`timeline.stat.${name}` as TextKey);

function Spark({ name, alarm }: { name: Stat; alarm: Alarm | null }) {
  const values = useDrift((state) => state.values[name]);
  const usual = alarm ? [alarm.low, alarm.high] : [];
  const range = rangeOf(values, usual);
  const last = values.at(-1);
  const text =
    last === undefined ? statName(name) : t("timeline.drift.value", { stat: statName(name), value: shortNumber(last) });
  return (
    <li className="live-drift-one" data-alarm={alarm !== null || undefined} title={text}>
      <span>{statName(name)}</span>
      <svg viewBox={`0 0 ${KEPT_TICKS} 1`} preserveAspectRatio="none" role="img" aria-label={text}>
        {alarm && (
          <rect
            x={0}
            width={KEPT_TICKS}
            y={heightOf(alarm.high, range)}
            height={Math.max(0, heightOf(alarm.low, range) - heightOf(alarm.high, range))}
          />
        )}
        <path d={sparkPath(values, range)} transform={`translate(${KEPT_TICKS - values.length} 0)`} />
      </svg>
    </li>
  );
}

function Verdict({ alarm, tick }: { alarm: Alarm | null; tick: number }) {
  if (!alarm) {
    return <p role="status">{tick < LEARN_TICKS ? t("timeline.drift.calm") : t("timeline.drift.good")}</p>;
  }
  const [value, low, high] = [alarm.value, alarm.low, alarm.high].map(shortNumber);
  return (
    <p role="status" data-alarm>
      <b>{t("timeline.drift.alarm", { stat: statName(alarm.stat) })}</b>{" "}
      {t("timeline.drift.alarmDetail", { value: value ?? "", low: low ?? "", high: high ?? "" })}
    </p>
  );
}

/** Cheap statistics of every tick and two ways back when the picture drifts away. Shown while a run is live. */
export function DriftStrip() {
  useEffect(watchDrift, []);
  const run = useLiveRun();
  const alarm = useDrift((state) => state.alarm);
  const tick = useDrift((state) => state.tick);
  const known = useDrift((state) => state.runId === run.runId && run.runId !== null);
  const [busy, setBusy] = useState(false);
  if (run.status !== "running" || !known) return null;

  async function go(mode: "first" | "last_good"): Promise<void> {
    setBusy(true);
    await reanchor(mode, null);
    setBusy(false);
  }

  return (
    <section className="live-drift" aria-label={t("timeline.drift.title")} data-alarm={alarm !== null || undefined}>
      <header>
        <h3>{t("timeline.drift.title")}</h3>
        <Verdict alarm={alarm} tick={tick} />
        <Button
          size="s"
          icon={<Anchor size={13} />}
          title={t("timeline.drift.reanchorHint")}
          disabled={busy}
          onClick={() => void go("first")}
        >
          {t("timeline.drift.reanchor")}
        </Button>
        <Button
          size="s"
          icon={<Undo2 size={13} />}
          title={t("timeline.drift.lastGoodHint")}
          disabled={busy}
          onClick={() => void go("last_good")}
        >
          {t("timeline.drift.lastGood")}
        </Button>
      </header>
      <ul>
        {STATS.map((name) => (
          <Spark key={name} name={name} alarm={alarm?.stat === name ? alarm : null} />
        ))}
      </ul>
    </section>
  );
}
