import { ArrowLeftRight, Gamepad2, RotateCcw, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "../../lib/dialog";
import { Button, EmptyState, IconButton } from "../../lib/ui";
import { t } from "../../text";
import {
  bound,
  inverted,
  movedSource,
  type PadMapping,
  type PadSource,
  type PadState,
  readMapped,
  STANDARD,
  unbound,
  withGain,
} from "./mapping";
import "../widgets.css";
import "./gamepad.css";

/** Something that a gamepad can move: a stage control, or a Live input as "node:input". */
export interface PadTarget {
  readonly id: string;
  readonly label: string;
  readonly group: string;
}

interface GamepadDialogProps {
  readonly targets: readonly PadTarget[];
  readonly mapping: PadMapping;
  readonly onChange: (mapping: PadMapping) => void;
  readonly onClose: () => void;
}

interface Learning {
  readonly target: string;
  readonly way: 1 | -1;
  readonly rest: PadState;
}

/** What each stick and button moves. Press a field, then move the stick or press the button that shall do it. */
export function GamepadDialog({ targets, mapping, onChange, onClose }: GamepadDialogProps) {
  const pad = usePad();
  const [learning, setLearning] = useState<Learning | null>(null);
  const values = pad ? readMapped(pad.state, mapping) : new Map<string, number>();

  useEffect(() => {
    if (!learning || !pad) return;
    const source = movedSource(learning.rest, pad.state);
    if (!source) return;
    onChange(bound(mapping, learning.target, source, learning.way));
    setLearning(null);
  }, [learning, pad, mapping, onChange]);

  return (
    <Dialog title={t("widgets.gamepad.title")} size="l" onClose={onClose}>
      {pad ? (
        <p className="gp-name">
          <Gamepad2 size={15} aria-hidden /> {pad.name}
        </p>
      ) : (
        <EmptyState
          icon={<Gamepad2 size={28} />}
          title={t("widgets.gamepad.none")}
          detail={t("widgets.gamepad.noneDetail")}
        />
      )}
      <div className="gp-list">
        {[...new Set(targets.map(({ group }) => group))].map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            {targets
              .filter((target) => target.group === group)
              .map((target) => (
                <Row
                  key={target.id}
                  target={target}
                  mapping={mapping}
                  value={values.get(target.id) ?? 0}
                  learning={learning?.target === target.id ? learning.way : null}
                  {...(pad
                    ? {
                        onLearn: (way: 1 | -1) =>
                          setLearning(
                            learning?.target === target.id && learning.way === way
                              ? null
                              : { target: target.id, way, rest: pad.state },
                          ),
                      }
                    : {})}
                  onChange={onChange}
                />
              ))}
          </section>
        ))}
      </div>
      <div className="wd-bar">
        <Button size="s" icon={<RotateCcw size={14} />} onClick={() => onChange(STANDARD)}>
          {t("widgets.gamepad.standard")}
        </Button>
        <span className="wd-spring" />
        <Button size="s" variant="primary" onClick={onClose}>
          {t("widgets.done")}
        </Button>
      </div>
    </Dialog>
  );
}

interface RowProps {
  readonly target: PadTarget;
  readonly mapping: PadMapping;
  readonly value: number;
  readonly learning: 1 | -1 | null;
  /** Absent while no gamepad is there. */
  readonly onLearn?: (way: 1 | -1) => void;
  readonly onChange: (mapping: PadMapping) => void;
}

function Row({ target, mapping, value, learning, onLearn, onChange }: RowProps) {
  const binding = mapping.bindings.find((one) => one.target === target.id);
  const named = (way: 1 | -1) =>
    (binding?.sources ?? [])
      .filter((source) => source.kind === "axis" || source.sign === way)
      .map(sourceName)
      .join(", ");
  return (
    <div className="gp-row">
      <span className="gp-label">{target.label}</span>
      <span className="gp-meter" role="img" aria-label={t("widgets.gamepad.now", { value: value.toFixed(2) })}>
        <i style={{ left: `${50 + Math.min(0, value) * 50}%`, width: `${Math.abs(value) * 50}%` }} />
      </span>
      {([-1, 1] as const).map((way) => (
        <button
          key={way}
          type="button"
          className="gp-source"
          data-learning={learning === way}
          disabled={!onLearn}
          aria-pressed={learning === way}
          aria-label={t(way === 1 ? "widgets.gamepad.bindMore" : "widgets.gamepad.bindLess", { name: target.label })}
          onClick={() => onLearn?.(way)}
        >
          <span>{way === 1 ? "+" : "\u2212"}</span>
          {learning === way ? t("widgets.gamepad.press") : named(way) || t("widgets.gamepad.unbound")}
        </button>
      ))}
      <input
        type="range"
        min={0}
        max={2}
        step={0.05}
        disabled={!binding}
        aria-label={t("widgets.gamepad.gain", { name: target.label })}
        title={t("widgets.gamepad.gain", { name: target.label })}
        value={binding?.gain ?? 1}
        onChange={(event) => onChange(withGain(mapping, target.id, Number(event.target.value)))}
      />
      <IconButton
        size="s"
        label={t("widgets.gamepad.invert", { name: target.label })}
        icon={<ArrowLeftRight size={14} />}
        disabled={!binding}
        onClick={() => onChange(inverted(mapping, target.id))}
      />
      <IconButton
        size="s"
        label={t("widgets.gamepad.clear", { name: target.label })}
        icon={<X size={14} />}
        disabled={!binding}
        onClick={() => onChange(unbound(mapping, target.id))}
      />
    </div>
  );
}

function sourceName({ kind, index }: PadSource): string {
  return kind === "axis" ? t("widgets.gamepad.axis", { n: index + 1 }) : t("widgets.gamepad.button", { n: index + 1 });
}

interface Pad {
  readonly name: string;
  readonly state: PadState;
}

/** The first gamepad, read once per animation frame; redrawn only when something on it has moved. */
function usePad(): Pad | null {
  const [pad, setPad] = useState<Pad | null>(null);
  const seen = useRef("");
  useEffect(() => {
    let frame = requestAnimationFrame(function poll() {
      const found = navigator.getGamepads().find((one) => one?.connected) ?? null;
      const state = found && {
        axes: found.axes.map((value) => Number(value.toFixed(2))),
        buttons: found.buttons.map(({ pressed, value }) => ({ pressed, value: Number(value.toFixed(2)) })),
      };
      const print = JSON.stringify(state);
      if (print !== seen.current) {
        seen.current = print;
        setPad(found && state ? { name: found.id, state } : null);
      }
      frame = requestAnimationFrame(poll);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return pad;
}
