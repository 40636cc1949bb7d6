import { useState } from "react";
import type { InputSchema } from "../protocol/schema";
import { t } from "../text";

interface ValueFieldProps {
  readonly id: string;
  /** What the input takes; null where the graph no longer knows it. */
  readonly schema: InputSchema | null;
  readonly value: unknown;
  /** undefined: what is written can't be read as a value of this kind. */
  readonly onChange: (value: unknown) => void;
}

/** The value as it was written, in the type it had; undefined where it can't be read. */
export function parsed(text: string, before: unknown): unknown {
  if (typeof before === "string") return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === typeof before || before === null ? value : undefined;
  } catch {
    return undefined;
  }
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The value of one control, in the widget that its input has. */
export function ValueField({ id, schema, value, onChange }: ValueFieldProps) {
  const widget = schema?.widget;
  if (widget?.kind === "number") {
    return (
      <input
        id={id}
        className="ui-input"
        type="number"
        min={widget.ge ?? undefined}
        max={widget.le ?? undefined}
        step={widget.integer ? 1 : "any"}
        required
        defaultValue={Number(value ?? 0)}
        onChange={({ target }) => onChange(target.validity.valid ? target.valueAsNumber : undefined)}
      />
    );
  }
  if (widget?.kind === "choice") {
    return (
      <select
        id={id}
        className="ui-input"
        value={String(value ?? "")}
        onChange={({ target }) => onChange(target.value)}
      >
        {widget.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  if (widget?.kind === "toggle") {
    return (
      <select
        id={id}
        className="ui-input"
        value={value === true ? "on" : "off"}
        onChange={({ target }) => onChange(target.value === "on")}
      >
        <option value="on">{t("timeline.lane.on")}</option>
        <option value="off">{t("timeline.lane.off")}</option>
      </select>
    );
  }
  return <TextValue id={id} value={value} onChange={onChange} />;
}

/** Words as they are, anything else as JSON of the kind that the first value had. */
function TextValue({ id, value, onChange }: Omit<ValueFieldProps, "schema">) {
  const [first] = useState(value);
  const [text, setText] = useState(asText(value));
  return (
    <textarea
      id={id}
      className="ui-input"
      rows={typeof first === "string" ? 3 : 1}
      value={text}
      aria-invalid={parsed(text, first) === undefined}
      onChange={({ target }) => {
        setText(target.value);
        onChange(parsed(target.value, first));
      }}
    />
  );
}
