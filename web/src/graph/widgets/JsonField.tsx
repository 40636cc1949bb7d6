import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { JsonWidget } from "../../protocol/schema";
import { t } from "../../text";
import type { FieldProps } from "./field";
import { sibling, usePlace } from "./use_field";

const JsonDialog = lazy(() => import("./JsonDialog"));
const CameraPathEditor = lazy(() => import("../../widgets/camera/CameraPathEditor"));

/** Keyframes and other structured values: a summary in the node, an editor in a dialog. */
export function JsonField({ label, value, widget, onChange }: FieldProps<JsonWidget>) {
  const place = usePlace(widget);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const summary = Array.isArray(value)
    ? t("widgets.keyframes", { n: value.length })
    : value == null
      ? t("widgets.notSet")
      : "JSON";
  return (
    <>
      <button
        type="button"
        className="gn-json nodrag"
        aria-haspopup="dialog"
        aria-label={`${label}: ${t("widgets.edit")}`}
        onClick={() => setOpen(true)}
      >
        <span>{summary}</span>
        <SlidersHorizontal size={13} aria-hidden />
      </button>
      {open && (
        <Suspense>
          {widget.schema === "camera_keyframes" ? (
            <CameraPathEditor
              title={place?.node.title ?? place?.schema.name ?? label}
              value={value}
              loop={sibling(place, "loop") === true}
              onChange={onChange}
              onClose={close}
            />
          ) : (
            <JsonDialog title={label} schema={widget.schema ?? ""} value={value} onChange={onChange} onClose={close} />
          )}
        </Suspense>
      )}
    </>
  );
}
