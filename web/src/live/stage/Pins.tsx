import { Joystick, PinOff } from "lucide-react";
import { type PointerEvent, useId, useMemo } from "react";
import { useDocument } from "../../document";
import { useCatalog } from "../../graph/catalog";
import type { NumberWidget } from "../../protocol/schema";
import { t } from "../../text";
import { type Pin, type PinControl, paired, pinnable, pinsOf, setPins, togglePin } from "../pins";
import { useControlValue } from "../store";
import { changeLiveInput } from "./stage_store";
import { useDocumentInput, useSteeredGraph } from "./use_bindings";
import "./pins.css";

interface Limits {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** A slider needs an end on both sides, also where the input has none. */
export function limitsOf(widget: NumberWidget, value: number): Limits {
  const span = Math.max(1, Math.abs(value) * 2);
  const least = widget.soft?.[0] ?? widget.ge ?? Math.min(-span, widget.le ?? 0);
  const most = widget.soft?.[1] ?? widget.le ?? Math.max(span, least + 1);
  return { least, most, step: widget.step ?? (widget.integer ? 1 : (most - least) / 200) };
}

const nameOf = ({ schema }: PinControl) => schema.name.replaceAll("_", " ");

function useValue({ node, input, value }: PinControl): unknown {
  const steered = useControlValue(node, input);
  const saved = useDocumentInput(node, input);
  return steered ?? saved ?? value;
}

function Slider({ pin }: { pin: PinControl }) {
  const id = useId();
  const number = Number(useValue(pin) ?? 0);
  const { widget } = pin.schema;
  if (widget?.kind !== "number") return null;
  const { least, most, step } = limitsOf(widget, number);
  return (
    <>
      <label htmlFor={id}>{nameOf(pin)}</label>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={number}
        style={{ "--fill": `${((number - least) / (most - least || 1)) * 100}%` } as React.CSSProperties}
        onChange={(event) => changeLiveInput(pin.node, pin.input, Number(event.target.value))}
        onDoubleClick={() => changeLiveInput(pin.node, pin.input, pin.schema.default)}
      />
      <output htmlFor={id}>
        {Number(number.toFixed(2))}
        {widget.unit && <i> {widget.unit}</i>}
      </output>
    </>
  );
}

function Choice({ pin }: { pin: PinControl }) {
  const id = useId();
  const value = String(useValue(pin) ?? "");
  const { widget } = pin.schema;
  if (widget?.kind !== "choice") return null;
  return (
    <>
      <label htmlFor={id}>{nameOf(pin)}</label>
      <select id={id} value={value} onChange={(event) => changeLiveInput(pin.node, pin.input, event.target.value)}>
        {widget.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </>
  );
}

function Switch({ pin }: { pin: PinControl }) {
  const on = useValue(pin) === true;
  return (
    <label className="stage-pin-switch">
      {nameOf(pin)}
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => changeLiveInput(pin.node, pin.input, event.target.checked)}
      />
    </label>
  );
}

function Words({ pin }: { pin: PinControl }) {
  const id = useId();
  const value = String(useValue(pin) ?? "");
  return (
    <>
      <label htmlFor={id}>{nameOf(pin)}</label>
      <input
        key={value}
        id={id}
        type="text"
        defaultValue={value}
        onKeyDown={(event) => {
          if (event.key === "Enter") changeLiveInput(pin.node, pin.input, event.currentTarget.value);
        }}
      />
    </>
  );
}

function PinField({ pin }: { pin: PinControl }) {
  switch (pin.schema.widget?.kind) {
    case "number":
      return <Slider pin={pin} />;
    case "choice":
      return <Choice pin={pin} />;
    case "toggle":
      return <Switch pin={pin} />;
    default:
      return <Words pin={pin} />;
  }
}

/** Two numbers under one finger. Each of them also has its slider for the keyboard, shown when it has the focus. */
function Pad({ x, y }: { x: PinControl; y: PinControl }) {
  const [vx, vy] = [Number(useValue(x) ?? 0), Number(useValue(y) ?? 0)];
  if (x.schema.widget?.kind !== "number" || y.schema.widget?.kind !== "number") return null;
  const [lx, ly] = [limitsOf(x.schema.widget, vx), limitsOf(y.schema.widget, vy)];
  const share = (value: number, { least, most }: Limits) => ((value - least) / (most - least || 1)) * 100;
  const snap = (part: number, { least, most, step }: Limits) => {
    const value = least + Math.min(1, Math.max(0, part)) * (most - least);
    return Number((Math.round(value / step) * step).toFixed(4));
  };
  function move(event: PointerEvent<HTMLDivElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    changeLiveInput(x.node, x.input, snap((event.clientX - box.left) / box.width, lx));
    changeLiveInput(y.node, y.input, snap(1 - (event.clientY - box.top) / box.height, ly));
  }
  return (
    <div className="stage-pin-pad-field">
      <div
        className="stage-pin-pad"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          move(event);
        }}
        onPointerMove={move}
      >
        <i style={{ left: `${share(vx, lx)}%`, bottom: `${share(vy, ly)}%` }} aria-hidden />
      </div>
      <Slider pin={x} />
      <Slider pin={y} />
    </div>
  );
}

interface PinBoxProps {
  readonly pin: PinControl;
  readonly y: PinControl | null;
  readonly partner: PinControl | null;
  readonly pins: readonly Pin[];
}

function PinBox({ pin, y, partner, pins }: PinBoxProps) {
  return (
    <li className="stage-pin" data-kind={y ? "pad" : pin.schema.widget?.kind} title={pin.title}>
      {y ? <Pad x={pin} y={y} /> : <PinField pin={pin} />}
      <span className="stage-pin-tools">
        {(y !== null || partner !== null) && (
          <button
            type="button"
            aria-pressed={y !== null}
            aria-label={y ? t("stage.pins.split") : t("stage.pins.pair", { name: partner ? nameOf(partner) : "" })}
            title={y ? t("stage.pins.split") : t("stage.pins.pair", { name: partner ? nameOf(partner) : "" })}
            onClick={() => setPins(paired(pins, pin, y ? null : partner), t("stage.pins.pin"))}
          >
            <Joystick size={12} aria-hidden />
          </button>
        )}
        <button
          type="button"
          aria-label={t("stage.pins.unpinNamed", { name: nameOf(pin) })}
          title={t("stage.pins.unpin")}
          onClick={() => togglePin(pin.node, pin.input)}
        >
          <PinOff size={12} aria-hidden />
        </button>
      </span>
    </li>
  );
}

/** The inputs that the person has put on the stage. */
export function Pins() {
  const meta = useDocument((state) => state.doc.meta);
  const pins = useMemo(() => pinsOf({ meta }), [meta]);
  const graph = useSteeredGraph();
  const byId = useCatalog((state) => state.byId);
  const controls = useMemo(() => pinnable(graph, (type) => byId.get(type)), [graph, byId]);
  const find = (one: { node: string; input: string } | undefined) =>
    controls.find(({ node, input }) => node === one?.node && input === one.input) ?? null;
  const shown = pins.flatMap((pin) => {
    const control = find(pin);
    return control ? [{ control, y: find(pin.y) }] : [];
  });
  if (shown.length === 0) return null;
  const partnerAfter = (at: number) => {
    const next = shown[at + 1];
    const fits = shown[at]?.control.schema.widget?.kind === "number" && next?.control.schema.widget?.kind === "number";
    return fits && next && next.y === null ? next.control : null;
  };
  return (
    <ul className="stage-pins" aria-label={t("stage.pins.title")}>
      {shown.map(({ control, y }, at) => (
        <PinBox key={`${control.node} ${control.input}`} pin={control} y={y} partner={partnerAfter(at)} pins={pins} />
      ))}
    </ul>
  );
}
