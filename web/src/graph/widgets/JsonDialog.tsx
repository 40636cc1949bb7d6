import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Dialog } from "../../lib/dialog";
import { text } from "../../lib/text";
import { Button, IconButton } from "../../lib/ui";
import { asKeyframes, byTick, type Column, type Keyframe, readCell, tableOf, withNext, writeCell } from "./keyframes";
import "./json.css";

const TICKS_A_SECOND = 6;

interface JsonDialogProps {
  readonly title: string;
  readonly schema: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly onClose: () => void;
}

/** An editor for structured values: a table where the schema is known, JSON otherwise. */
export default function JsonDialog({ title, schema, value, onChange, onClose }: JsonDialogProps) {
  const frames = asKeyframes(schema, value);
  const columns = tableOf(schema);
  return (
    <Dialog title={title} size="l" onClose={onClose}>
      {frames && columns ? (
        <KeyframeTable schema={schema} columns={columns} frames={frames} onChange={onChange} />
      ) : (
        <JsonText title={title} value={value} onChange={onChange} />
      )}
      <footer className="gn-json-foot">
        <Button variant="primary" onClick={onClose}>
          {text.widgets.done}
        </Button>
      </footer>
    </Dialog>
  );
}

interface TableProps {
  readonly schema: string;
  readonly columns: readonly Column[];
  readonly frames: readonly Keyframe[];
  readonly onChange: (value: unknown) => void;
}

function KeyframeTable({ schema, columns, frames, onChange }: TableProps) {
  const replace = (index: number, frame: Keyframe) => onChange(frames.map((one, at) => (at === index ? frame : one)));
  return (
    <div className="gn-keyframes">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col">
                {column.label}
              </th>
            ))}
            <th aria-hidden />
          </tr>
        </thead>
        <tbody>
          {frames.map((frame, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.label} data-kind={column.kind}>
                  <Cell
                    column={column}
                    frame={frame}
                    onChange={(next) => replace(index, next)}
                    onLeave={() => onChange(byTick(frames))}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  size="s"
                  label={text.widgets.removeKeyframe(index + 1)}
                  icon={<Trash2 size={14} />}
                  onClick={() => onChange(frames.filter((_, at) => at !== index))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button size="s" icon={<Plus size={14} />} onClick={() => onChange(withNext(schema, frames))}>
        {text.widgets.addKeyframe}
      </Button>
    </div>
  );
}

interface CellProps {
  readonly column: Column;
  readonly frame: Keyframe;
  readonly onChange: (frame: Keyframe) => void;
  readonly onLeave: () => void;
}

function Cell({ column, frame, onChange, onLeave }: CellProps) {
  const value = readCell(frame, column);
  const isTick = column.path[0] === "tick";
  if (column.kind === "text") {
    return (
      <textarea
        aria-label={column.label}
        rows={2}
        value={value}
        onChange={(event) => onChange(writeCell(frame, column, event.target.value))}
      />
    );
  }
  return (
    <>
      <input
        type="number"
        aria-label={column.label}
        step={column.step}
        value={value}
        onChange={(event) => onChange(writeCell(frame, column, event.target.valueAsNumber || 0))}
        onBlur={isTick ? onLeave : undefined}
      />
      {isTick && <small>{text.widgets.seconds((Number(value) / TICKS_A_SECOND).toFixed(1))}</small>}
    </>
  );
}

interface JsonTextProps {
  readonly title: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function JsonText({ title, value, onChange }: JsonTextProps) {
  const [typed, setTyped] = useState(() => JSON.stringify(value ?? null, null, 2));
  const [broken, setBroken] = useState(false);
  function type(next: string) {
    setTyped(next);
    try {
      onChange(JSON.parse(next));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  }
  return (
    <div className="gn-json-text">
      <textarea
        aria-label={title}
        aria-invalid={broken}
        spellCheck={false}
        rows={14}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
      {broken && <p role="alert">{text.widgets.badJson}</p>}
    </div>
  );
}
