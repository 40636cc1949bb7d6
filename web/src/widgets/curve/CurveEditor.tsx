import { Plus, Repeat, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { Dialog } from "../../lib/dialog";
import { Button, IconButton, Segmented } from "../../lib/ui";
import { t } from "../../text";
import { EditorHistory, historyKey } from "../EditorHistory";
import { type KeyColumn, KeyframeTable } from "../KeyframeTable";
import { remove } from "../keyframes";
import { useKeyframes } from "../use_keyframes";
import { CurvePlot } from "./CurvePlot";
import { type CurveKey, type CurveKeys, INTERPOLATIONS, type Interpolation } from "./curve";
import { add, append, move, place, readCurve } from "./model";
import "../widgets.css";
import "./curve.css";

interface CurveEditorProps {
  readonly title: string;
  readonly value: unknown;
  readonly interpolation: Interpolation;
  readonly loop: boolean;
  /** Range and unit of the number that the curve drives. */
  readonly range: readonly [number, number] | null;
  readonly unit: string;
  readonly onChange: (value: CurveKeys) => void;
  readonly onInterpolation: (value: Interpolation) => void;
  readonly onLoop: (value: boolean) => void;
  readonly onClose: () => void;
}

/** A curve over time in a window of its own: the plot with its handles, and every number in a table. */
export default function CurveEditor({ title, value, range, unit, onChange, onClose, ...settings }: CurveEditorProps) {
  const { interpolation, loop } = settings;
  const stored = useMemo(() => readCurve(value), [value]);
  const { keys, selected, select, apply } = useKeyframes(stored, onChange);
  return (
    <Dialog title={title} size="l" onClose={onClose}>
      <div className="cv-editor" onKeyDown={historyKey}>
        <div className="wd-bar">
          <Segmented
            label={t("widgets.curve.interpolation")}
            value={interpolation}
            options={INTERPOLATIONS.map((name) => ({ value: name, label: t(`widgets.curve.${name}`) }))}
            onChange={settings.onInterpolation}
          />
          <IconButton
            label={t("widgets.curve.loop")}
            icon={<Repeat size={15} />}
            active={loop}
            onClick={() => settings.onLoop(!loop)}
          />
          <Button size="s" icon={<Plus size={14} />} onClick={() => apply(append(keys), true)}>
            {t("widgets.addKeyframe")}
          </Button>
          <Button
            size="s"
            icon={<Trash2 size={14} />}
            disabled={keys.length < 2}
            onClick={() => apply(remove(keys, selected), true)}
          >
            {t("widgets.remove")}
          </Button>
          <EditorHistory onClose={onClose} />
        </div>
        <CurvePlot
          keys={keys}
          interpolation={interpolation}
          loop={loop}
          selected={selected}
          range={range}
          unit={unit}
          onSelect={select}
          onMove={(index, key, done) => apply(move(keys, index, key), done)}
          onAdd={(key) => apply(add(keys, key), true)}
          onRemove={(index) => apply(remove(keys, index), true)}
        />
        <p className="cv-help">{t("widgets.curve.help")}</p>
        <CurveTable
          keys={keys}
          selected={selected}
          unit={unit}
          onSelect={select}
          onPlace={(index, key) => apply(place(keys, index, key), true)}
          onRemove={(index) => apply(remove(keys, index), true)}
        />
      </div>
    </Dialog>
  );
}

interface CurveTableProps {
  readonly keys: CurveKeys;
  readonly selected: number;
  readonly unit: string;
  readonly onSelect: (index: number) => void;
  readonly onPlace: (index: number, key: CurveKey) => void;
  readonly onRemove: (index: number) => void;
}

function CurveTable({ unit, onPlace, ...rest }: CurveTableProps) {
  const value = unit ? `${t("widgets.column.value")} (${unit})` : t("widgets.column.value");
  const columns: readonly KeyColumn<CurveKey>[] = [
    {
      label: t("widgets.column.tick"),
      step: 1,
      read: ({ tick }) => tick,
      write: (key, tick) => ({ ...key, tick }),
    },
    {
      label: value,
      step: 0.1,
      unit,
      read: (key) => key.value,
      write: (key, next) => ({ ...key, value: next }),
    },
  ];
  return <KeyframeTable columns={columns} className="cv-table" onChange={onPlace} {...rest} />;
}
