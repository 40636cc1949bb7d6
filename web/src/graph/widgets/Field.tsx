import type { Widget } from "../../protocol/schema";
import { FileField } from "./FileField";
import type { FieldProps } from "./field";
import { ChoiceField, SeedField, TextField, ToggleField } from "./fields";
import { JsonField } from "./JsonField";
import { NumberField } from "./NumberField";

/** The control for one input, chosen by the kind of its widget. */
export function Field({ widget, ...rest }: FieldProps<Widget>) {
  switch (widget.kind) {
    case "number":
      return <NumberField widget={widget} {...rest} />;
    case "text":
      return <TextField widget={widget} {...rest} />;
    case "choice":
      return <ChoiceField widget={widget} {...rest} />;
    case "toggle":
      return <ToggleField widget={widget} {...rest} />;
    case "seed":
      return <SeedField widget={widget} {...rest} />;
    case "file":
      return <FileField widget={widget} {...rest} />;
    case "json":
      return <JsonField widget={widget} {...rest} />;
  }
}

/** Widgets that take the whole width below their label. */
export function isTall(widget: Widget): boolean {
  return widget.kind === "file" || (widget.kind === "text" && widget.multiline);
}
