import type { TextWidget } from "../../protocol/schema";
import { PromptArea } from "../../widgets/prompt/PromptArea";
import { useVocabulary } from "../../widgets/prompt/use_vocabulary";
import type { FieldProps } from "./field";
import { useTyping } from "./use_typing";

/** A prompt whose model tells which words it understands. */
export function PromptField({ label, value, widget, onChange }: FieldProps<TextWidget>) {
  const typing = useTyping(typeof value === "string" ? value : "", onChange);
  const vocabulary = useVocabulary(widget);
  return (
    <PromptArea
      label={label}
      value={typing.text}
      placeholder={widget.placeholder || label}
      vocabulary={vocabulary}
      onType={typing.type}
      onLeave={typing.leave}
      onKeyDown={typing.keyDown}
    />
  );
}
