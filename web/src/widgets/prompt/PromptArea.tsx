import { type KeyboardEvent, type PointerEvent, useId, useMemo, useRef, useState } from "react";
import { t } from "../../text";
import { type Completion, completion, leftOut, pieces, wordsOf } from "./words";
import "./prompt.css";

interface PromptAreaProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly vocabulary: readonly string[];
  readonly onType: (value: string) => void;
  readonly onLeave?: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** A prompt: words that the model leaves out are greyed, known words are offered while typing. */
export function PromptArea({ label, value, placeholder, vocabulary, onType, onLeave, onKeyDown }: PromptAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const list = useId();
  const [offer, setOffer] = useState<Completion | null>(null);
  const [chosen, setChosen] = useState(0);
  const known = useMemo(() => new Set(vocabulary), [vocabulary]);
  const words = useMemo(() => wordsOf(value, known), [value, known]);
  const out = leftOut(words);
  // An untrained preset knows no word at all: marking every one would say nothing.
  const marks = vocabulary.length > 0;

  function type(next: string, cursor: number) {
    onType(next);
    setOffer(marks ? completion(next, cursor, vocabulary) : null);
    setChosen(0);
  }

  function take(word: string) {
    if (!offer) return;
    const next = `${value.slice(0, offer.start)}${word}${value.slice(offer.end)}`;
    const cursor = offer.start + word.length;
    setOffer(null);
    onType(next);
    requestAnimationFrame(() => area.current?.setSelectionRange(cursor, cursor));
  }

  function key(event: KeyboardEvent<HTMLTextAreaElement>) {
    const ctrl = event.ctrlKey || event.metaKey;
    if (offer && !ctrl) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step !== 0) setChosen((chosen + step + offer.words.length) % offer.words.length);
      else if (event.key === "Tab" || event.key === "Enter") take(offer.words[chosen] ?? "");
      else if (event.key === "Escape") setOffer(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    onKeyDown?.(event);
  }

  /** The marks lie behind the field, so the field itself says what the word under the pointer means. */
  function hover(event: PointerEvent<HTMLTextAreaElement>) {
    const under = [...(mirror.current?.querySelectorAll("mark") ?? [])].some((mark) =>
      [...mark.getClientRects()].some(
        (box) =>
          event.clientX >= box.left &&
          event.clientX <= box.right &&
          event.clientY >= box.top &&
          event.clientY <= box.bottom,
      ),
    );
    event.currentTarget.title = under ? t("widgets.prompt.leftOut") : "";
  }

  return (
    <div className="pw-prompt">
      <div className="pw-field">
        <div className="pw-mirror" ref={mirror} aria-hidden>
          {marks &&
            pieces(value, words).map((piece, i) =>
              piece.unknown ? <mark key={i}>{piece.text}</mark> : <span key={i}>{piece.text}</span>,
            )}{" "}
        </div>
        <textarea
          ref={area}
          className="gn-text nodrag nowheel"
          rows={3}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={offer ? list : undefined}
          aria-activedescendant={offer ? `${list}-${chosen}` : undefined}
          placeholder={placeholder}
          spellCheck={false}
          value={value}
          onChange={(event) => type(event.target.value, event.target.selectionStart)}
          onBlur={() => {
            setOffer(null);
            onLeave?.();
          }}
          onKeyDown={key}
          onPointerMove={hover}
          onScroll={(event) => {
            if (mirror.current) mirror.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
        {offer && (
          <div className="pw-offer" id={list} role="listbox" aria-label={t("widgets.prompt.words")}>
            {offer.words.map((word, i) => (
              <div
                key={word}
                id={`${list}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === chosen}
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(word);
                }}
              >
                <b>{word.slice(0, offer.end - offer.start)}</b>
                {word.slice(offer.end - offer.start)}
              </div>
            ))}
          </div>
        )}
      </div>
      {marks && out.length > 0 && (
        <p className="pw-out" title={t("widgets.prompt.leftOutHint")}>
          {t("widgets.prompt.leftOutList", { n: out.length, words: out.join(", ") })}
        </p>
      )}
    </div>
  );
}
