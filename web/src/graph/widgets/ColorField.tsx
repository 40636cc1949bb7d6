import { useState } from "react";
import type { ColorWidget } from "../../protocol/schema";
import { asColor } from "./color";
import type { FieldProps } from "./field";

/** A colour: the platform's own chooser, and its digits to type or paste. */
export function ColorField({ label, value, onChange }: FieldProps<ColorWidget>) {
  const [typed, setTyped] = useState<string | null>(null);
  const color = asColor(typeof value === "string" ? value : "") ?? "#000000";

  function commit() {
    const next = typed === null ? null : asColor(typed);
    if (next !== null && next !== color) onChange(next);
    setTyped(null);
  }

  return (
    <span className="gn-color nodrag">
      <input
        type="color"
        aria-label={label}
        value={color}
        onChange={(event) => onChange(event.target.value.toLowerCase())}
      />
      <input
        className="gn-color-digits"
        aria-label={`${label} (#rrggbb)`}
        spellCheck={false}
        value={typed ?? color}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
      />
    </span>
  );
}
