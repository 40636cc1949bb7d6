import { CornerDownLeft, Sparkles } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { t } from "../../text";
import type { PromptBinding } from "../control/bindings";
import { useLive } from "../store";
import { directed } from "./directed";
import { changeLiveInput } from "./stage_store";
import { useDocumentInput } from "./use_bindings";
import { VoiceButton } from "./VoiceButton";

/** The tick at which the newest change of this input took effect; null while on its way, undefined if there is none. */
function useReceipt({ node, input }: PromptBinding): number | null | undefined {
  return useLive((state) => state.receipts.findLast((one) => one.node === node && one.input === input)?.tick);
}

function PromptReceipt({ prompt }: { prompt: PromptBinding }) {
  const tick = useReceipt(prompt);
  if (tick === undefined) return null;
  return (
    <span key={String(tick)} className="stage-prompt-receipt" data-applied={tick !== null || undefined} role="status">
      {tick === null ? t("stage.sending") : t("stage.appliedAt", { tick })}
    </span>
  );
}

function PromptField({ prompt }: { prompt: PromptBinding }) {
  const saved = useDocumentInput(prompt.node, prompt.input);
  const current = String(saved ?? prompt.value);
  const [draft, setDraft] = useState(current);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => setDraft(current), [current]);

  async function send(said = draft): Promise<void> {
    const value = said.trim();
    if (value === "") return;
    const text = prompt.directed ? await directed(current, value) : value;
    if (text === null) return; // what was typed stays, to be put otherwise
    setDraft(text);
    changeLiveInput(prompt.node, prompt.input, text);
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape") {
      setDraft(current);
      field.current?.closest<HTMLElement>("[data-stage-keys]")?.focus();
    }
  }

  return (
    <div className="stage-prompt" data-changed={draft.trim() !== current.trim() || undefined}>
      <label htmlFor={id} className="stage-prompt-icon" title={prompt.title}>
        <Sparkles size={15} aria-hidden />
        <span className="stage-hidden">{prompt.title}</span>
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        spellCheck={false}
        value={draft}
        placeholder={t("stage.promptPlaceholder")}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={keyDown}
      />
      <PromptReceipt prompt={prompt} />
      <VoiceButton heard={setDraft} done={(words) => void send(words)} />
      <button
        type="button"
        className="stage-prompt-send"
        onClick={() => void send()}
        aria-label={t("stage.sendPrompt")}
        title={t("stage.sendPromptHint")}
      >
        <CornerDownLeft size={14} aria-hidden />
      </button>
    </div>
  );
}

/** Edit the prompt of the running picture: Enter sends it, Escape gives up. */
export function PromptBar({ prompts }: { prompts: readonly PromptBinding[] }) {
  const [place, setPlace] = useState(0);
  const prompt = prompts[Math.min(place, prompts.length - 1)];
  if (!prompt) return null;
  return (
    <div className="stage-prompts">
      {prompts.length > 1 && (
        <div className="stage-prompt-tabs" role="group" aria-label={t("stage.prompts")}>
          {prompts.map((one, index) => (
            <button
              key={`${one.node} ${one.input}`}
              type="button"
              aria-pressed={one === prompt}
              onClick={() => setPlace(index)}
            >
              {one.title}
            </button>
          ))}
        </div>
      )}
      <PromptField key={`${prompt.node} ${prompt.input}`} prompt={prompt} />
    </div>
  );
}
