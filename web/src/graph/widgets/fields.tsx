/** The plain fields: text, choice, switch. */
import type { ChoiceWidget, TextWidget, ToggleWidget } from "../../protocol/schema";
import type { FieldProps } from "./field";
import { useTyping } from "./use_typing";

export function TextField({ label, value, widget, onChange }: FieldProps<TextWidget>) {
  const typing = useTyping(typeof value === "string" ? value : "", onChange);
  const shared = {
    "aria-label": label,
    placeholder: widget.placeholder || label,
    value: typing.text,
    onBlur: typing.leave,
    onKeyDown: typing.keyDown,
    spellCheck: false,
  };
  return widget.multiline ? (
    <textarea
      {...shared}
      className="gn-text nodrag nowheel"
      rows={3}
      onChange={(event) => typing.type(event.target.value)}
    />
  ) : (
    <input {...shared} className="gn-line nodrag" onChange={(event) => typing.type(event.target.value)} />
  );
}

export function ChoiceField({ label, value, shown, widget, onChange }: FieldProps<ChoiceWidget>) {
  const chosen = String(shown ?? value ?? widget.options[0] ?? "");
  const options = widget.options.includes(chosen) ? widget.options : [chosen, ...widget.options];
  return (
    <select
      className="gn-select nodrag"
      aria-label={label}
      value={chosen}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}

export function ToggleField({ label, value, onChange }: FieldProps<ToggleWidget>) {
  return (
    <button
      type="button"
      className="gn-switch nodrag"
      role="switch"
      aria-checked={value === true}
      aria-label={label}
      onClick={() => onChange(value !== true)}
    >
      <span aria-hidden />
    </button>
  );
}
