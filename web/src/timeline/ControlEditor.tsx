import { Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { Dialog } from "../lib/dialog";
import { Button } from "../lib/ui";
import type { TakeControl } from "../protocol/messages.gen";
import { t } from "../text";
import { changeControl, moveControl, removeControl } from "./log_edits";
import { editLog } from "./timeline_actions";
import { shownControls, timelineStore } from "./timeline_store";

/** The value as it was written, in the type it had; undefined where it can't be read. */
function parsed(text: string, before: unknown): unknown {
  if (typeof before === "string") return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === typeof before || before === null ? value : undefined;
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

interface ControlEditorProps {
  readonly control: TakeControl;
  readonly onClose: () => void;
}

/** Change a control of the past: what, when, or that it happened at all. */
export function ControlEditor({ control, onClose }: ControlEditorProps) {
  const id = useId();
  const [tick, setTick] = useState(control.tick);
  const [text, setText] = useState(asText(control.value));
  const value = parsed(text, control.value);
  const place = () => shownControls(timelineStore.getState()).indexOf(control);

  function save(): void {
    const at = place();
    if (at >= 0) editLog((log) => moveControl(changeControl(log, at, value), at, tick));
    onClose();
  }
  function drop(): void {
    const at = place();
    if (at >= 0) editLog((log) => removeControl(log, at));
    onClose();
  }

  return (
    <Dialog title={control.input.replaceAll("_", " ")} size="s" onClose={onClose}>
      <form
        className="tl-editor"
        onSubmit={(event) => {
          event.preventDefault();
          if (value !== undefined) save();
        }}
      >
        <label htmlFor={`${id}v`}>{t("timeline.lane.value")}</label>
        <textarea
          id={`${id}v`}
          className="ui-input"
          rows={typeof control.value === "string" ? 3 : 1}
          aria-invalid={value === undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <label htmlFor={`${id}t`}>{t("timeline.lane.tick")}</label>
        <input
          id={`${id}t`}
          className="ui-input"
          type="number"
          min={0}
          step={1}
          value={tick}
          onChange={(event) => setTick(Math.max(0, Math.floor(Number(event.target.value) || 0)))}
        />
        <div className="tl-editor-actions">
          <Button variant="danger" icon={<Trash2 size={13} />} onClick={drop}>
            {t("timeline.lane.delete")}
          </Button>
          <Button variant="primary" type="submit" disabled={value === undefined}>
            {t("timeline.lane.done")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
