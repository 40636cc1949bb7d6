import { Trash2 } from "lucide-react";
import { IconButton } from "../../lib/ui";
import { t, type TextKey } from "../../text";
import { NumberCell } from "../NumberCell";
import type { CameraKey, CameraPath } from "./path";

interface Column {
  readonly label: TextKey;
  readonly step: number;
  readonly read: (key: CameraKey) => number;
  readonly write: (key: CameraKey, value: number) => Partial<CameraKey>;
}

const axis = (label: TextKey, part: 0 | 1 | 2): Column => ({
  label,
  step: 0.1,
  read: ({ position }) => position[part],
  write: ({ position: [x, y, z] }, value) => {
    const next: [number, number, number] = [x, y, z];
    next[part] = value;
    return { position: next };
  },
});

const COLUMNS: readonly Column[] = [
  { label: "widgets.column.tick", step: 1, read: ({ tick }) => tick, write: (_, tick) => ({ tick }) },
  axis("widgets.column.x", 0),
  axis("widgets.column.y", 1),
  axis("widgets.column.z", 2),
  { label: "widgets.column.yaw", step: 1, read: ({ yaw }) => yaw, write: (_, yaw) => ({ yaw }) },
  { label: "widgets.column.pitch", step: 1, read: ({ pitch }) => pitch, write: (_, pitch) => ({ pitch }) },
  { label: "widgets.column.fov", step: 1, read: ({ fov }) => fov, write: (_, fov) => ({ fov }) },
];

interface PathTableProps {
  readonly path: CameraPath;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onChange: (index: number, patch: Partial<CameraKey>) => void;
  readonly onRemove: (index: number) => void;
}

/** Every number of the path, row by row; the row that has the focus is the selected keyframe. */
export function PathTable({ path, selected, onSelect, onChange, onRemove }: PathTableProps) {
  return (
    <div className="wd-table cam-table">
      <table>
        <thead>
          <tr>
            {COLUMNS.map(({ label }) => (
              <th key={label} scope="col">
                {t(label)}
              </th>
            ))}
            <th>
              <span className="wd-hidden">{t("widgets.removeColumn")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {path.map((key, index) => (
            <tr key={index} aria-selected={index === selected} onFocus={() => onSelect(index)}>
              {COLUMNS.map((column) => (
                <td key={column.label}>
                  <NumberCell
                    label={t("widgets.cell", { n: index + 1, column: t(column.label) })}
                    value={column.read(key)}
                    step={column.step}
                    onCommit={(value) => onChange(index, column.write(key, value))}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  size="s"
                  label={t("widgets.removeKeyframe", { n: index + 1 })}
                  icon={<Trash2 size={14} />}
                  disabled={path.length < 2}
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
