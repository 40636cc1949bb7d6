/** The fields other than numbers: text, choice, switch, seed. */
import { Dices } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { text } from "../../lib/text";
import type { ChoiceWidget, SeedWidget, TextWidget, ToggleWidget } from "../../protocol/schema";
import type { FieldProps } from "./field";

const RANDOM_SEEDS = 2 ** 32;
const TYPING_PAUSE_MS = 350;

/** Text is written down when typing pauses, so that a live run does not get a new prompt at every letter. */
export function TextField({ label, value, widget, onChange }: FieldProps<TextWidget>) {
  const stored = typeof value === "string" ? value : "";
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  function type(next: string) {
    setTyped(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => commit(next), TYPING_PAUSE_MS);
  }

  function commit(next: string) {
    window.clearTimeout(timer.current);
    if (next !== stored) onChange(next);
  }

  function leave() {
    if (typed !== null) commit(typed);
    setTyped(null);
  }

  const shared = {
    "aria-label": label,
    placeholder: widget.placeholder || label,
    value: typed ?? stored,
    onBlur: leave,
    // Ctrl+Enter runs and Ctrl+S saves at once: with the words that stand there now.
    onKeyDown: (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && typed !== null) commit(typed);
    },
    spellCheck: false,
  };
  return widget.multiline ? (
    <textarea {...shared} className="gn-text nodrag nowheel" rows={3} onChange={(event) => type(event.target.value)} />
  ) : (
    <input {...shared} className="gn-line nodrag" onChange={(event) => type(event.target.value)} />
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

export function SeedField({ label, value, onChange }: FieldProps<SeedWidget>) {
  return (
    <span className="gn-seed nodrag">
      <input
        aria-label={label}
        inputMode="numeric"
        value={typeof value === "number" ? value : 0}
        onChange={(event) => {
          const seed = Number(event.target.value.replace(/\D/g, ""));
          if (Number.isSafeInteger(seed)) onChange(seed);
        }}
      />
      <button
        type="button"
        aria-label={text.widgets.randomSeed}
        title={text.widgets.randomSeed}
        onClick={() => onChange(Math.floor(Math.random() * RANDOM_SEEDS))}
      >
        <Dices size={14} aria-hidden />
      </button>
    </span>
  );
}
