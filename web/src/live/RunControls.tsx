import { ChevronDown, Clapperboard, Minus, Play, Plus, RotateCw, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../text";
import { Button, IconButton, Segmented } from "../lib/ui";
import { queueRender, startRun, stopRun } from "./actions";
import { changeRenderSettings, type SeedMode, useRenderSettings } from "./render_settings";
import { isActive } from "./state";
import { useLive, useLiveRun } from "./store";
import "./live.css";

const MAX_BATCH = 64;
const LENGTHS_S = [null, 2, 4, 8, 16] as const;
const SEED_MODES: readonly SeedMode[] = ["workflow", "random", "fixed"];

function RunButton() {
  const run = useLiveRun();
  if (!isActive(run)) {
    return (
      <Button
        variant="primary"
        icon={<Play size={14} fill="currentColor" strokeWidth={0} />}
        title={t("stage.runHint")}
        onClick={() => void startRun()}
      >
        {t("stage.runLive")}
      </Button>
    );
  }
  const label =
    { starting: t("stage.starting"), stopping: t("stage.stopping") }[run.status as string] ?? t("stage.stop");
  return (
    <>
      <Button
        className="live-stop"
        icon={<Square size={12} fill="currentColor" strokeWidth={0} />}
        title={t("stage.stopHint")}
        disabled={run.status !== "running"}
        onClick={() => void stopRun()}
      >
        {label}
      </Button>
      <IconButton
        label={t("stage.restart")}
        keys="Ctrl+Enter"
        icon={<RotateCw size={15} />}
        disabled={run.status !== "running"}
        onClick={() => void startRun()}
      />
    </>
  );
}

/** The live lamp with the rate, or the state of the connection while there is none. */
function Lamp() {
  const connection = useLive((state) => state.connection);
  const running = useLive(({ run }) => run.status === "running");
  const fps = useLive((state) => Math.round(state.drawnFps));
  if (connection !== "open") {
    return (
      <span className="live-chip" data-kind="offline" role="status">
        {connection === "waiting" ? t("stage.reconnecting") : t("stage.offline")}
      </span>
    );
  }
  if (!running) return null;
  return (
    <span className="live-chip" data-kind="live">
      {t("stage.live")}
      <b>{fps} fps</b>
    </span>
  );
}

function RenderOptions({ close }: { close: () => void }) {
  const settings = useRenderSettings();
  const setCount = (count: number) => changeRenderSettings({ count: Math.max(1, Math.min(MAX_BATCH, count)) });
  return (
    <div className="live-render-options" role="dialog" aria-label={t("stage.renderOptions")}>
      <div className="live-render-row" title={t("stage.batchHint")}>
        <span>{t("stage.batch")}</span>
        <div className="live-stepper">
          <IconButton
            size="s"
            label={t("stage.fewer")}
            icon={<Minus size={13} />}
            onClick={() => setCount(settings.count - 1)}
          />
          <output>{settings.count}</output>
          <IconButton
            size="s"
            label={t("stage.more")}
            icon={<Plus size={13} />}
            onClick={() => setCount(settings.count + 1)}
          />
        </div>
      </div>
      <div className="live-render-row">
        <span>{t("stage.length")}</span>
        <Segmented
          label={t("stage.length")}
          value={String(settings.seconds)}
          options={LENGTHS_S.map((seconds) => ({
            value: String(seconds),
            label: seconds === null ? t("stage.lengthOfWorkflow") : t("stage.seconds", { n: seconds }),
          }))}
          onChange={(value) => changeRenderSettings({ seconds: value === "null" ? null : Number(value) })}
        />
      </div>
      <div className="live-render-row">
        <span>{t("stage.seed")}</span>
        <Segmented
          label={t("stage.seed")}
          value={settings.seedMode}
          options={SEED_MODES.map((value) => ({ value, label: t(`stage.seedModes.${value}`) }))}
          onChange={(seedMode) => changeRenderSettings({ seedMode })}
        />
        {settings.seedMode === "fixed" && (
          <input
            className="ui-input live-seed"
            type="number"
            min={0}
            step={1}
            aria-label={t("stage.seed")}
            value={settings.seed}
            onChange={(event) =>
              changeRenderSettings({ seed: Math.max(0, Math.floor(Number(event.target.value) || 0)) })
            }
          />
        )}
      </div>
      <Button
        variant="primary"
        icon={<Clapperboard size={14} />}
        onClick={() => {
          close();
          void queueRender();
        }}
      >
        {t("stage.queueNow", { n: settings.count })}
      </Button>
    </div>
  );
}

function RenderButton() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { count } = useRenderSettings();
  const remaining = useLive((state) => state.queueRemaining);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    window.addEventListener("pointerdown", outside, true);
    return () => window.removeEventListener("pointerdown", outside, true);
  }, [open]);
  return (
    <div
      ref={box}
      className="live-render"
      onKeyDown={(event) => {
        if (event.key === "Escape") setOpen(false);
      }}
    >
      <Button
        className="live-render-main"
        icon={<Clapperboard size={14} />}
        title={t("stage.renderHint")}
        onClick={() => void queueRender()}
      >
        {t("stage.render")}
        {count > 1 && <span className="live-count">{`\u00d7${count}`}</span>}
        {remaining > 0 && <span className="live-badge">{remaining}</span>}
      </Button>
      <Button
        className="live-render-more"
        aria-label={t("stage.renderOptions")}
        aria-expanded={open}
        icon={<ChevronDown size={14} />}
        onClick={() => setOpen(!open)}
      />
      {open && <RenderOptions close={() => setOpen(false)} />}
    </div>
  );
}

/** Run live, stop, and queue a render with its batch, length and seed. */
export function RunControls() {
  return (
    <div className="live-run-controls">
      <Lamp />
      <RunButton />
      <RenderButton />
    </div>
  );
}
