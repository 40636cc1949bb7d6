/** The node declarations that GET /api/nodes serves, as the editor reads them. */

export type InputMode = "fixed" | "live" | "stream";
export type NodeKind = "value" | "stream" | "stateful";

export interface NumberWidget {
  readonly kind: "number";
  readonly integer: boolean;
  readonly ge?: number | null;
  readonly le?: number | null;
  /** The range of the slider where the limits are much wider. */
  readonly soft?: readonly [number, number] | null;
  readonly step?: number | null;
  readonly unit?: string | null;
  readonly bind?: string | null;
}

export interface TextWidget {
  readonly kind: "text";
  readonly multiline: boolean;
  readonly placeholder?: string | null;
  /** The words that each model preset understands. */
  readonly words?: Readonly<Record<string, readonly string[]>> | null;
}

export interface ChoiceWidget {
  readonly kind: "choice";
  readonly options: readonly string[];
  readonly bind?: string | null;
}

export interface ToggleWidget {
  readonly kind: "toggle";
}

export interface SeedWidget {
  readonly kind: "seed";
}

export interface ColorWidget {
  readonly kind: "color";
}

export interface FileWidget {
  readonly kind: "file";
  readonly accept: "image" | "pose" | "video";
}

export interface JsonWidget {
  readonly kind: "json";
  readonly schema?: string | null;
  readonly bind?: string | null;
}

export type Widget =
  | NumberWidget
  | TextWidget
  | ChoiceWidget
  | ToggleWidget
  | SeedWidget
  | ColorWidget
  | FileWidget
  | JsonWidget;

export interface InputSchema {
  readonly name: string;
  readonly type: string;
  readonly mode: InputMode;
  readonly required: boolean;
  readonly default: unknown;
  readonly doc: string;
  readonly widget: Widget | null;
  /** For programs; the catalog leaves it out. */
  readonly hidden?: boolean;
}

export interface OutputSchema {
  readonly name: string;
  readonly type: string;
  readonly stream: boolean;
}

export interface NodeSchema {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly kind: NodeKind;
  readonly output_node: boolean;
  readonly pack: string;
  readonly inputs: readonly InputSchema[];
  readonly outputs: readonly OutputSchema[];
}

/** The name of the stage control that an input is bound to, or null. */
export function bindOf(input: InputSchema): string | null {
  const { widget } = input;
  return widget !== null && "bind" in widget ? (widget.bind ?? null) : null;
}
