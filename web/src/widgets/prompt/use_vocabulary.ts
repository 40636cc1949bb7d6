import { useMemo } from "react";
import { useDocument } from "../../document/hooks";
import { getNodeSchema } from "../../graph/catalog";
import type { TextWidget } from "../../protocol/schema";
import { vocabularyFor } from "./words";

const NO_WORDS: NonNullable<TextWidget["words"]> = {};

/** The words that the open workflow's model understands: of this widget, or of the built-in prompt. */
export function useVocabulary(widget: TextWidget | null): readonly string[] {
  const words = (widget ?? builtInPrompt())?.words ?? NO_WORDS;
  const presets = useDocument(({ doc }) =>
    doc.nodes
      .filter((node) => node.type === "generator.load" && (node.mode ?? "active") === "active")
      .map((node) => String(node.inputs.preset ?? ""))
      .join("\n"),
  );
  return useMemo(() => vocabularyFor(words, presets.split("\n")), [words, presets]);
}

function builtInPrompt(): TextWidget | null {
  const widget = getNodeSchema("prompt.text")?.inputs.find((input) => input.name === "text")?.widget;
  return widget?.kind === "text" ? widget : null;
}
