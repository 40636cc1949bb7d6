import { t, type TextKey } from "../../text";
import { type KeyColumn, KeyframeTable } from "../KeyframeTable";
import type { CameraKey, CameraPath } from "./path";

type Column = Omit<KeyColumn<CameraKey>, "label"> & { readonly label: TextKey };

const axis = (label: TextKey, part: 0 | 1 | 2): Column => ({
  label,
  step: 0.1,
  read: ({ position }) => position[part],
  write: (key, value) => {
    const next: [number, number, number] = [...key.position];
    next[part] = value;
    return { ...key, position: next };
  },
});

const COLUMNS: readonly Column[] = [
  { label: "widgets.column.tick", step: 1, read: ({ tick }) => tick, write: (key, tick) => ({ ...key, tick }) },
  axis("widgets.column.x", 0),
  axis("widgets.column.y", 1),
  axis("widgets.column.z", 2),
  { label: "widgets.column.yaw", step: 1, read: ({ yaw }) => yaw, write: (key, yaw) => ({ ...key, yaw }) },
  { label: "widgets.column.pitch", step: 1, read: ({ pitch }) => pitch, write: (key, pitch) => ({ ...key, pitch }) },
  { label: "widgets.column.fov", step: 1, read: ({ fov }) => fov, write: (key, fov) => ({ ...key, fov }) },
];

interface PathTableProps {
  readonly path: CameraPath;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onChange: (index: number, key: CameraKey) => void;
  readonly onRemove: (index: number) => void;
}

/** Every number of the path. */
export function PathTable({ path, ...rest }: PathTableProps) {
  const columns = COLUMNS.map((column) => ({ ...column, label: t(column.label) }));
  return <KeyframeTable keys={path} columns={columns} className="cam-table" {...rest} />;
}
