import { useState } from "react";
import { evaluate } from "../graph/widgets/arithmetic";
import { formatNumber } from "../graph/widgets/number_drag";

interface NumberCellProps {
  readonly label: string;
  readonly value: number;
  readonly step: number;
  readonly unit?: string;
  readonly onCommit: (value: number) => void;
}

/** A number in a table: typed (arithmetic too), stepped with the arrow keys; written down on Enter or on leaving. */
export function NumberCell({ label, value, step, unit, onCommit }: NumberCellProps) {
  const [typed, setTyped] = useState<string | null>(null);

  function commit() {
    const next = typed === null ? null : evaluate(typed, unit);
    if (next !== null && next !== value) onCommit(next);
    setTyped(null);
  }

  return (
    <input
      className="wd-cell"
      inputMode="decimal"
      aria-label={label}
      value={typed ?? formatNumber(value)}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={(event) => {
        const sign = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
        if (event.key === "Enter") commit();
        else if (event.key === "Escape" && typed !== null) {
          event.preventDefault();
          event.stopPropagation();
          setTyped(null);
        } else if (sign !== 0) {
          event.preventDefault();
          setTyped(null);
          onCommit(Number((value + sign * step * (event.shiftKey ? 10 : 1)).toFixed(6)));
        }
      }}
    />
  );
}
