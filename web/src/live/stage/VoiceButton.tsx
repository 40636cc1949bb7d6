import { Mic } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "../../lib/toast";
import { t } from "../../text";
import { canListen, type Listening, listen } from "./voice";

interface VoiceButtonProps {
  /** What was understood so far. */
  readonly heard: (text: string) => void;
  /** The whole sentence, at the end. */
  readonly done: (text: string) => void;
}

/** Speak instead of typing, where the browser understands speech. */
export function VoiceButton({ heard, done }: VoiceButtonProps) {
  const listening = useRef<Listening | null>(null);
  const [on, setOn] = useState(false);
  useEffect(() => () => listening.current?.stop(), []);
  if (!canListen()) return null;

  function toggle(): void {
    if (on) {
      listening.current?.stop();
      return;
    }
    listening.current = listen({
      language: navigator.language,
      heard,
      ended(text, error) {
        setOn(false);
        if (error === "not-allowed") toast({ kind: "error", title: t("stage.voice.denied") });
        else if (error !== null && error !== "aborted") toast({ kind: "info", title: t("stage.voice.failed") });
        done(text);
      },
    });
    setOn(true);
  }

  return (
    <button
      type="button"
      className="stage-prompt-voice"
      aria-pressed={on}
      aria-label={on ? t("stage.voice.stop") : t("stage.voice.start")}
      title={on ? t("stage.voice.stop") : t("stage.voice.start")}
      onClick={toggle}
    >
      <Mic size={14} aria-hidden />
    </button>
  );
}
