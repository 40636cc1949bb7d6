/** Colours of ports and categories, as references to the tokens. */

const PORT_TYPES = new Set([
  "prompt",
  "camera",
  "pose",
  "image",
  "latent",
  "frames",
  "generator",
  "file",
  "string",
  "int",
  "float",
  "boolean",
  "json",
]);

const CATEGORY_ALIASES: Readonly<Record<string, string>> = {
  prompt: "prompt",
  text: "prompt",
  camera: "camera",
  pose: "pose",
  character: "pose",
  generator: "generator",
  model: "generator",
  apt2: "apt2",
  output: "output",
  view: "output",
  save: "output",
  image: "image",
  input: "image",
  value: "value",
  values: "value",
  math: "math",
  maths: "math",
  util: "util",
  utility: "util",
};

export function portColor(type: string): string {
  if (type === "*") return "var(--port-any)";
  const name = type.toLowerCase();
  return `var(--port-${PORT_TYPES.has(name) ? name : "other"})`;
}

export function categoryColor(category: string): string {
  const top = category.toLowerCase().split("/")[0] ?? "";
  return `var(--cat-${CATEGORY_ALIASES[top] ?? "other"})`;
}

/** The colours a user may give to a node or a group. */
export const SWATCHES = [
  "#e7a05b",
  "#ef6f6c",
  "#e573a5",
  "#b583f0",
  "#5b9fe8",
  "#4cc2c4",
  "#4fbf8b",
  "#a6b34c",
  "#8a93a3",
];
