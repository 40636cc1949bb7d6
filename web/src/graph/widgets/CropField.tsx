import { Crop as CropIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { JsonWidget } from "../../protocol/schema";
import { t } from "../../text";
import { readCrop, writeCrop } from "../../widgets/crop/model";
import { stepwise } from "./commit_step";
import { inputUrl } from "./input_url";
import type { FieldProps } from "./field";
import { sibling, usePlace } from "./use_field";

const CropEditor = lazy(() => import("../../widgets/crop/CropEditor"));

/** Which part of the node's picture is used; pressing it opens the editor. Without a picture there is nothing to cut. */
export function CropField({ label, value, widget, onChange }: FieldProps<JsonWidget>) {
  const place = usePlace(widget);
  const [open, setOpen] = useState(false);
  const file = sibling(place, "file");
  const crop = readCrop(value);
  const percent = (fraction: number) => `${Math.round(fraction * 100)}%`;
  const whole = writeCrop(crop) === null;
  return (
    <>
      <button
        type="button"
        className="gn-json nodrag"
        aria-haspopup="dialog"
        aria-label={`${label}: ${t("widgets.edit")}`}
        disabled={typeof file !== "string" || file === ""}
        onClick={() => setOpen(true)}
      >
        <span>{whole ? t("widgets.crop.none") : `${percent(crop.width)} \u00d7 ${percent(crop.height)}`}</span>
        <CropIcon size={13} aria-hidden />
      </button>
      {open && typeof file === "string" && (
        <Suspense>
          <CropEditor
            title={t("widgets.crop.title")}
            src={inputUrl(file)}
            value={value}
            onChange={stepwise(place, onChange)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
