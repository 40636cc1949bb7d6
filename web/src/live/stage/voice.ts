/** Speech as text, by the browser's own recognition where it has one. */

interface Result {
  readonly isFinal: boolean;
  readonly 0: { readonly transcript: string } | undefined;
}

interface Recognition {
  lang: string;
  interimResults: boolean;
  continuous: boolean;
  onresult: ((event: { readonly results: ArrayLike<Result> }) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
}

type RecognitionClass = new () => Recognition;

function recognitionClass(): RecognitionClass | null {
  const page = globalThis as { SpeechRecognition?: RecognitionClass; webkitSpeechRecognition?: RecognitionClass };
  return page.SpeechRecognition ?? page.webkitSpeechRecognition ?? null;
}

export const canListen = (): boolean => recognitionClass() !== null;

export interface Listening {
  stop(): void;
}

export interface ListenOptions {
  readonly language: string;
  /** What was understood so far, again and again while somebody speaks. */
  readonly heard: (text: string) => void;
  /** Called once at the end: with the whole sentence, or with what went wrong. */
  readonly ended: (text: string, error: string | null) => void;
}

/** Listen to one sentence. */
export function listen({ language, heard, ended }: ListenOptions): Listening | null {
  const Recognizer = recognitionClass();
  if (!Recognizer) return null;
  const recognition = new Recognizer();
  let text = "";
  let failure: string | null = null;
  recognition.lang = language;
  recognition.interimResults = true;
  recognition.continuous = false;
  recognition.onresult = ({ results }) => {
    text = Array.from(results, (result) => result[0]?.transcript ?? "")
      .join(" ")
      .trim();
    heard(text);
  };
  recognition.onerror = ({ error }) => {
    failure = error;
  };
  recognition.onend = () => ended(text, failure);
  recognition.start();
  return { stop: () => recognition.stop() };
}
