import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { text } from "../../lib/text";
import type { JsonWidget } from "../../protocol/schema";
import type { FieldProps } from "./field";

const JsonDialog = lazy(() => import("./JsonDialog"));

/** Keyframes and other structured values: a summary in the node, an editor in a dialog. */
export function JsonField({ label, value, widget, onChange }: FieldProps<JsonWidget>) {
  const [open, setOpen] = useState(false);
  const summary = Array.isArray(value)
    ? text.widgets.keyframes(value.length)
    : value == null
      ? text.widgets.notSet
      : "JSON";
  return (
    <>
      <button
        type="button"
        className="gn-json nodrag"
        aria-haspopup="dialog"
        aria-label={`${label}: ${text.widgets.editJson}`}
        onClick={() => setOpen(true)}
      >
        <span>{summary}</span>
        <SlidersHorizontal size={13} aria-hidden />
      </button>
      {open && (
        <Suspense>
          <JsonDialog
            title={label}
            schema={widget.schema ?? ""}
            value={value}
            onChange={onChange}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
