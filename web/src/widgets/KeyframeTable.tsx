import { Trash2 } from "lucide-react";
import { IconButton } from "../lib/ui";
import { t } from "../text";
import { NumberCell } from "./NumberCell";

/** One number of a keyframe. */
export interface KeyColumn<Key> {
  readonly label: string;
  readonly step: number;
  readonly unit?: string;
  readonly read: (key: Key) => number;
  readonly write: (key: Key, value: number) => Key;
}

interface KeyframeTableProps<Key> {
  readonly keys: readonly Key[];
  readonly columns: readonly KeyColumn<Key>[];
  readonly selected: number;
  readonly className: string;
  readonly onSelect: (index: number) => void;
  readonly onChange: (index: number, key: Key) => void;
  readonly onRemove: (index: number) => void;
}

/** Every number of the keyframes, row by row; the row that has the focus is the selected one. One row always stays. */
export function KeyframeTable<Key>({ keys, columns, selected, className, ...on }: KeyframeTableProps<Key>) {
  return (
    <div className={`wd-table ${className}`}>
      <table>
        <thead>
          <tr>
            {columns.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
            <th>
              <span className="wd-hidden">{t("widgets.removeColumn")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key, index) => (
            <tr key={index} aria-selected={index === selected} onFocus={() => on.onSelect(index)}>
              {columns.map(({ label, step, unit, read, write }) => (
                <td key={label}>
                  <NumberCell
                    label={t("widgets.cell", { n: index + 1, column: label })}
                    value={read(key)}
                    step={step}
                    {...(unit === undefined ? {} : { unit })}
                    onCommit={(value) => on.onChange(index, write(key, value))}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  size="s"
                  label={t("widgets.removeKeyframe", { n: index + 1 })}
                  icon={<Trash2 size={14} />}
                  disabled={keys.length < 2}
                  onClick={() => on.onRemove(index)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
