import type { JsonWidget, Widget } from "../../protocol/schema";
import { ColorField } from "./ColorField";
import { CropField } from "./CropField";
import { CurveField } from "./CurveField";
import { FileField } from "./FileField";
import type { FieldProps } from "./field";
import { ChoiceField, TextField, ToggleField } from "./fields";
import { JsonField } from "./JsonField";
import { NumberField } from "./NumberField";
import { PromptField } from "./PromptField";
import { SeedField } from "./SeedField";
import "./fields.css";

/** The control for one input, chosen by the kind of its widget. */
export function Field({ widget, ...rest }: FieldProps<Widget>) {
  switch (widget.kind) {
    case "number":
      return <NumberField widget={widget} {...rest} />;
    case "text":
      return widget.words ? <PromptField widget={widget} {...rest} /> : <TextField widget={widget} {...rest} />;
    case "choice":
      return <ChoiceField widget={widget} {...rest} />;
    case "toggle":
      return <ToggleField widget={widget} {...rest} />;
    case "seed":
      return <SeedField widget={widget} {...rest} />;
    case "color":
      return <ColorField widget={widget} {...rest} />;
    case "file":
      return <FileField widget={widget} {...rest} />;
    case "json":
      return <StructuredField widget={widget} {...rest} />;
  }
}

/** Structured values whose schema has a field of its own; the others are edited in a dialog. */
function StructuredField(props: FieldProps<JsonWidget>) {
  switch (props.widget.schema) {
    case "curve_keyframes":
      return <CurveField {...props} />;
    case "crop":
      return <CropField {...props} />;
    default:
      return <JsonField {...props} />;
  }
}

/** Widgets that take the whole width below their label. */
export function isTall(widget: Widget): boolean {
  if (widget.kind === "json") return TALL_EDITORS.has(widget.schema ?? "");
  return widget.kind === "file" || (widget.kind === "text" && widget.multiline);
}

const TALL_EDITORS: ReadonlySet<string> = new Set(["curve_keyframes"]);
