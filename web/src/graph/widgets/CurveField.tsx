import { lazy, Suspense, useState } from "react";
import { useDocument } from "../../document/hooks";
import { graphAt } from "../../document/scope";
import type { JsonWidget } from "../../protocol/schema";
import { t } from "../../text";
import { type Interpolation, isInterpolation, makeCurve } from "../../widgets/curve/curve";
import { extentOf, readCurve } from "../../widgets/curve/model";
import { commitStep, stepwise } from "./commit_step";
import type { FieldProps } from "./field";
import { rangeOf } from "./number_drag";
import { firstTarget, sibling, usePlace } from "./use_field";
import "../../widgets/curve/curve.css";

const CurveEditor = lazy(() => import("../../widgets/curve/CurveEditor"));

const [WIDTH, HEIGHT, SAMPLES] = [200, 58, 80];

/** A small picture of the curve in the node; pressing it opens the editor. */
export function CurveField({ label, value, widget, onChange }: FieldProps<JsonWidget>) {
  const place = usePlace(widget);
  const target = useDocument(({ doc, scope }) => (place ? firstTarget(graphAt(doc, scope), place.node.id) : undefined));
  const [open, setOpen] = useState(false);
  const found = sibling(place, "interpolation");
  const interpolation: Interpolation = isInterpolation(found) ? found : "smooth";
  const loop = sibling(place, "loop") === true;
  const keys = readCurve(value);
  const number = target?.widget?.kind === "number" ? target.widget : null;

  function set(name: string, next: unknown) {
    const input = place?.schema.inputs.find((one) => one.name === name);
    if (place && input) commitStep({ ...place, input }, next);
  }

  return (
    <>
      <button
        type="button"
        className="cv-mini nodrag"
        aria-haspopup="dialog"
        aria-label={`${label}: ${t("widgets.edit")}`}
        onClick={() => setOpen(true)}
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
          <path d={shapeOf(keys, interpolation, loop)} />
        </svg>
        <span>{t("widgets.keyframes", { n: keys.length })}</span>
      </button>
      {open && (
        <Suspense>
          <CurveEditor
            title={place?.node.title ?? place?.schema.name ?? label}
            value={value}
            interpolation={interpolation}
            loop={loop}
            range={number ? rangeOf(number) : null}
            unit={number?.unit ?? ""}
            onChange={stepwise(place, onChange)}
            onInterpolation={(next) => set("interpolation", next)}
            onLoop={(next) => set("loop", next)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** The curve as an SVG path that fills the small picture. */
function shapeOf(keys: ReturnType<typeof readCurve>, interpolation: Interpolation, loop: boolean): string {
  const { ticks, low, high } = extentOf(keys, null);
  const at = makeCurve(keys, interpolation, loop);
  return Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const height = ((high - at((i / SAMPLES) * ticks)) / (high - low)) * HEIGHT;
    return `${i === 0 ? "M" : "L"}${((i / SAMPLES) * WIDTH).toFixed(1)} ${height.toFixed(1)}`;
  }).join("");
}
