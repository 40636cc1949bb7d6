import { useCatalog } from "../graph/catalog";
import { Dialog } from "../lib/dialog";
import type { TakeControl } from "../protocol/messages.gen";
import { t } from "../text";
import { ControlForm } from "./ControlForm";
import { editLog } from "./going_on";
import { liveInputs } from "./live_inputs";
import { changeControl, moveControl, removeControl } from "./log_edits";
import { selectedTake, shownControls, timelineStore, useTimeline } from "./timeline_store";

interface ControlEditorProps {
  readonly control: TakeControl;
  readonly onClose: () => void;
}

/** Change a control of the past: what, when, or that it happened at all. */
export function ControlEditor({ control, onClose }: ControlEditorProps) {
  const take = useTimeline(selectedTake);
  const byId = useCatalog((state) => state.byId);
  const inputs = take ? liveInputs(take, (type) => byId.get(type)) : [];
  const known = inputs.find(({ node, input }) => node === control.node && input === control.input);
  const place = () => shownControls(timelineStore.getState()).indexOf(control);

  function save(value: unknown, tick: number): void {
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
      <ControlForm
        schema={known?.schema ?? null}
        value={control.value}
        tick={control.tick}
        done={t("timeline.lane.done")}
        onSave={save}
        onDelete={drop}
      />
    </Dialog>
  );
}
