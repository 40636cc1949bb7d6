import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { JsonWidget } from "../../protocol/schema";
import { t } from "../../text";
import { stepwise } from "./commit_step";
import type { FieldProps } from "./field";
import { sibling, usePlace } from "./use_field";

const JsonDialog = lazy(() => import("./JsonDialog"));
const ScheduleEditor = lazy(() => import("../../widgets/prompt/ScheduleEditor"));
const CameraPathEditor = lazy(() => import("../../widgets/camera/CameraPathEditor"));

/** Keyframes and other structured values: a summary in the node, an editor in a dialog. */
export function JsonField({ label, value, widget, onChange }: FieldProps<JsonWidget>) {
  const place = usePlace(widget);
  const [open, setOpen] = useState(false);
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
          <Editor
            schema={widget.schema ?? ""}
            title={place?.node.title ?? place?.schema.name ?? label}
            value={value}
            loop={sibling(place, "loop") === true}
            onChange={stepwise(place, onChange)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}

interface EditorProps {
  readonly schema: string;
  readonly title: string;
  readonly value: unknown;
  readonly loop: boolean;
  readonly onChange: (value: unknown) => void;
  readonly onClose: () => void;
}

function Editor({ schema, loop, ...rest }: EditorProps) {
  if (schema === "camera_keyframes") return <CameraPathEditor loop={loop} {...rest} />;
  if (schema === "prompt_keyframes") return <ScheduleEditor {...rest} />;
  return <JsonDialog {...rest} />;
}
