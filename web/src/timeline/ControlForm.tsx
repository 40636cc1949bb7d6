import { Trash2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "../lib/ui";
import type { InputSchema } from "../protocol/schema";
import { t } from "../text";
import { ValueField } from "./ValueField";

interface ControlFormProps {
  /** Stands above the value, such as the choice of an input. */
  readonly children?: ReactNode;
  readonly schema: InputSchema | null;
  readonly value: unknown;
  readonly tick: number;
  readonly done: string;
  readonly onSave: (value: unknown, tick: number) => void;
  readonly onDelete?: () => void;
}

/** What a control sets, and when. */
export function ControlForm({ children, schema, value: first, tick: at, done, onSave, onDelete }: ControlFormProps) {
  const id = useId();
  const [tick, setTick] = useState(at);
  const [value, setValue] = useState(first);
  return (
    <form
      className="tl-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== undefined) onSave(value, tick);
      }}
    >
      {children}
      <label htmlFor={`${id}v`}>{t("timeline.lane.value")}</label>
      <ValueField id={`${id}v`} schema={schema} value={value} onChange={setValue} />
      <label htmlFor={`${id}t`}>{t("timeline.lane.tick")}</label>
      <input
        id={`${id}t`}
        className="ui-input"
        type="number"
        min={0}
        step={1}
        value={tick}
        onChange={(event) => setTick(Math.max(0, Math.floor(Number(event.target.value) || 0)))}
      />
      <div className="tl-editor-actions">
        {onDelete ? (
          <Button variant="danger" icon={<Trash2 size={13} />} onClick={onDelete}>
            {t("timeline.lane.delete")}
          </Button>
        ) : (
          <span />
        )}
        <Button variant="primary" type="submit" disabled={value === undefined}>
          {done}
        </Button>
      </div>
    </form>
  );
}
