import { useId, useState } from "react";
import { useCatalog } from "../graph/catalog";
import { Dialog } from "../lib/dialog";
import { EmptyState } from "../lib/ui";
import { randomId } from "../live/random_id";
import { t } from "../text";
import { ControlForm } from "./ControlForm";
import { editLog } from "./going_on";
import { liveInputs, valueAt } from "./live_inputs";
import { addControl } from "./log_edits";
import { selectedTake, shownControls, timelineStore, useTimeline } from "./timeline_store";

interface AddControlProps {
  readonly tick: number;
  /** The input to begin with, as `node` and `input` with a zero byte between; null for the first. */
  readonly lane: string | null;
  readonly onClose: () => void;
}

const keyOf = ({ node, input }: { node: string; input: string }) => `${node}\u0000${input}`;

/** Put a control into the past: an input that can be steered, its value and its tick. A branch is made with it later. */
export function AddControl({ tick, lane, onClose }: AddControlProps) {
  const id = useId();
  const take = useTimeline(selectedTake);
  const byId = useCatalog((state) => state.byId);
  const inputs = take ? liveInputs(take, (type) => byId.get(type)) : [];
  const [key, setKey] = useState(lane);
  const chosen = inputs.find((one) => keyOf(one) === key) ?? inputs[0];
  const title = t("timeline.lane.addTitle");
  if (!chosen) {
    return (
      <Dialog title={title} size="s" onClose={onClose}>
        <EmptyState title={t("timeline.lane.noInputs")} />
      </Dialog>
    );
  }
  const { node, input } = chosen;
  return (
    <Dialog title={title} size="s" onClose={onClose}>
      <ControlForm
        key={keyOf(chosen)}
        schema={chosen.schema}
        value={valueAt(chosen, shownControls(timelineStore.getState()), tick) ?? ""}
        tick={tick}
        done={t("timeline.lane.addDone")}
        onSave={(value, at) => {
          editLog((log) => addControl(log, { tick: at, id: randomId(), node, input, value }));
          onClose();
        }}
      >
        <label htmlFor={id}>{t("timeline.lane.input")}</label>
        <select id={id} className="ui-input" value={keyOf(chosen)} onChange={(event) => setKey(event.target.value)}>
          {inputs.map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {`${one.title}: ${one.input.replaceAll("_", " ")}`}
            </option>
          ))}
        </select>
      </ControlForm>
    </Dialog>
  );
}
