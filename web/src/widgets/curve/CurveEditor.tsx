import { Plus, Redo2, Repeat, Trash2, Undo2 } from "lucide-react";
import { useMemo, useState } from "react";
import { redoWithRun, undoWithRun } from "../../graph/commit_input";
import { Dialog } from "../../lib/dialog";
import { Button, IconButton, Segmented } from "../../lib/ui";
import { t } from "../../text";
import { NumberCell } from "../NumberCell";
import { CurvePlot } from "./CurvePlot";
import { type CurveKeys, INTERPOLATIONS, type Interpolation } from "./curve";
import { add, append, type Edited, move, place, readCurve, remove } from "./model";
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
  const [draft, setDraft] = useState<CurveKeys | null>(null);
  const [chosen, setChosen] = useState(0);
  const keys = draft ?? stored;
  const selected = Math.min(chosen, keys.length - 1);

  function apply(edited: Edited, done: boolean) {
    setChosen(edited.selected);
    setDraft(done ? null : edited.keys);
    if (done) onChange(edited.keys);
  }

  return (
    <Dialog title={title} size="l" onClose={onClose}>
      <div
        className="cv-editor"
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement) return;
          const name = event.key.toLowerCase();
          if (name !== "z" && name !== "y") return;
          event.preventDefault();
          (name === "y" || event.shiftKey ? redoWithRun : undoWithRun)();
        }}
      >
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
          <span className="wd-spring" />
          <IconButton
            label={t("widgets.undo")}
            keys="Ctrl+Z"
            icon={<Undo2 size={15} />}
            onClick={() => undoWithRun()}
          />
          <IconButton
            label={t("widgets.redo")}
            keys="Ctrl+Y"
            icon={<Redo2 size={15} />}
            onClick={() => redoWithRun()}
          />
          <Button size="s" variant="primary" onClick={onClose}>
            {t("widgets.done")}
          </Button>
        </div>
        <CurvePlot
          keys={keys}
          interpolation={interpolation}
          loop={loop}
          selected={selected}
          range={range}
          unit={unit}
          onSelect={setChosen}
          onMove={(index, key, done) => apply(move(keys, index, key), done)}
          onAdd={(key) => apply(add(keys, key), true)}
          onRemove={(index) => apply(remove(keys, index), true)}
        />
        <p className="cv-help">{t("widgets.curve.help")}</p>
        <CurveTable
          keys={keys}
          selected={selected}
          unit={unit}
          onSelect={setChosen}
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
  readonly onPlace: (index: number, key: CurveKeys[number]) => void;
  readonly onRemove: (index: number) => void;
}

function CurveTable({ keys, selected, unit, onSelect, onPlace, onRemove }: CurveTableProps) {
  const tick = t("widgets.column.tick");
  const value = unit ? `${t("widgets.column.value")} (${unit})` : t("widgets.column.value");
  return (
    <div className="wd-table cv-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{tick}</th>
            <th scope="col">{value}</th>
            <th>
              <span className="wd-hidden">{t("widgets.removeColumn")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key, index) => (
            <tr key={index} aria-selected={index === selected} onFocus={() => onSelect(index)}>
              <td>
                <NumberCell
                  label={t("widgets.cell", { n: index + 1, column: tick })}
                  value={key.tick}
                  step={1}
                  onCommit={(next) => onPlace(index, { ...key, tick: next })}
                />
              </td>
              <td>
                <NumberCell
                  label={t("widgets.cell", { n: index + 1, column: value })}
                  value={key.value}
                  step={0.1}
                  unit={unit}
                  onCommit={(next) => onPlace(index, { ...key, value: next })}
                />
              </td>
              <td>
                <IconButton
                  size="s"
                  label={t("widgets.removeKeyframe", { n: index + 1 })}
                  icon={<Trash2 size={14} />}
                  disabled={keys.length < 2}
                  onClick={() => onRemove(index)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
