import type { Widget } from "../../protocol/schema";

/** What every field gets. `shown` is the value in force while the stage steers the input, or undefined. */
export interface FieldProps<W extends Widget> {
  readonly label: string;
  readonly value: unknown;
  readonly shown?: unknown;
  readonly widget: W;
  readonly onChange: (value: unknown) => void;
}
