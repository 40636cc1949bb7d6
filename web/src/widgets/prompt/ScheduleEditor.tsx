import { Plus, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { useTyping } from "../../graph/widgets/use_typing";
import { Dialog } from "../../lib/dialog";
import { Button, IconButton } from "../../lib/ui";
import { t } from "../../text";
import { NumberCell } from "../NumberCell";
import { PromptArea } from "./PromptArea";
import { append, type PromptKey, readSchedule, remove, replace, type Schedule } from "./schedule";
import { useVocabulary } from "./use_vocabulary";
import "../widgets.css";

const TICKS_A_SECOND = 6;

interface ScheduleEditorProps {
  readonly title: string;
  readonly value: unknown;
  readonly onChange: (value: Schedule) => void;
  readonly onClose: () => void;
}

/** Prompts by time, one row each: from its tick on a text holds until the next. */
export default function ScheduleEditor({ title, value, onChange, onClose }: ScheduleEditorProps) {
  const keys = useMemo(() => readSchedule(value), [value]);
  const vocabulary = useVocabulary(null);
  return (
    <Dialog title={title} size="l" onClose={onClose}>
      <ol className="pw-schedule">
        {keys.map((key, index) => (
          <ScheduleRow
            key={index}
            place={index}
            prompt={key}
            vocabulary={vocabulary}
            onChange={(patch) => onChange(replace(keys, index, patch))}
            {...(keys.length > 1 ? { onRemove: () => onChange(remove(keys, index)) } : {})}
          />
        ))}
      </ol>
      <div className="wd-bar">
        <Button size="s" icon={<Plus size={14} />} onClick={() => onChange(append(keys))}>
          {t("widgets.addKeyframe")}
        </Button>
        <span className="wd-spring" />
        <Button size="s" variant="primary" onClick={onClose}>
          {t("widgets.done")}
        </Button>
      </div>
    </Dialog>
  );
}

interface ScheduleRowProps {
  readonly place: number;
  readonly prompt: PromptKey;
  readonly vocabulary: readonly string[];
  readonly onChange: (patch: Partial<PromptKey>) => void;
  readonly onRemove?: () => void;
}

function ScheduleRow({ place, prompt, vocabulary, onChange, onRemove }: ScheduleRowProps) {
  const typing = useTyping(prompt.text, (text) => onChange({ text: String(text) }));
  return (
    <li>
      <div className="pw-when">
        <NumberCell
          label={t("widgets.cell", { n: place + 1, column: t("widgets.column.tick") })}
          value={prompt.tick}
          step={1}
          onCommit={(tick) => onChange({ tick })}
        />
        <small>{t("widgets.seconds", { s: (prompt.tick / TICKS_A_SECOND).toFixed(1) })}</small>
      </div>
      <PromptArea
        label={t("widgets.cell", { n: place + 1, column: t("widgets.column.text") })}
        value={typing.text}
        placeholder={t("widgets.column.text")}
        vocabulary={vocabulary}
        onType={typing.type}
        onLeave={typing.leave}
      />
      <IconButton
        size="s"
        label={t("widgets.removeKeyframe", { n: place + 1 })}
        icon={<Trash2 size={14} />}
        disabled={!onRemove}
        onClick={() => onRemove?.()}
      />
    </li>
  );
}
