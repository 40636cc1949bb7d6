import { Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { Dialog } from "../lib/dialog";
import { Button } from "../lib/ui";
import { t } from "../text";
import { markerAt, removeMarker, setMarker } from "./markers";
import { changeMarkers } from "./take_edits";
import { selectedTake, useTimeline } from "./timeline_store";

const NAME_AT_MOST = 200;

interface MarkerDialogProps {
  readonly tick: number;
  readonly onClose: () => void;
}

/** Name a moment of the take, give it another name or place, or take the name away. */
export function MarkerDialog({ tick, onClose }: MarkerDialogProps) {
  const id = useId();
  const take = useTimeline(selectedTake);
  const [known] = useState(() => markerAt(take?.markers ?? [], tick));
  const [name, setName] = useState(known?.name ?? "");
  const [at, setAt] = useState(tick);
  if (!take) return null;
  const change = (how: Parameters<typeof changeMarkers>[1]) => {
    void changeMarkers(take.take_id, how);
    onClose();
  };
  return (
    <Dialog title={known ? t("timeline.mark.edit") : t("timeline.mark.set")} size="s" onClose={onClose}>
      <form
        className="tl-editor"
        onSubmit={(event) => {
          event.preventDefault();
          const marker = { tick: at, name: name.trim() || t("timeline.tick", { tick: at }) };
          change((markers) => setMarker(markers, marker, known ? tick : null));
        }}
      >
        <label htmlFor={`${id}n`}>{t("timeline.mark.name")}</label>
        <input
          id={`${id}n`}
          className="ui-input"
          value={name}
          maxLength={NAME_AT_MOST}
          onChange={(event) => setName(event.target.value)}
        />
        <label htmlFor={`${id}t`}>{t("timeline.lane.tick")}</label>
        <input
          id={`${id}t`}
          className="ui-input"
          type="number"
          min={take.summary.first}
          max={Math.max(0, take.ticks - 1)}
          step={1}
          value={at}
          onChange={(event) => setAt(Math.max(0, Math.floor(Number(event.target.value) || 0)))}
        />
        <div className="tl-editor-actions">
          {known ? (
            <Button
              variant="danger"
              icon={<Trash2 size={13} />}
              onClick={() => change((markers) => removeMarker(markers, tick))}
            >
              {t("timeline.mark.delete")}
            </Button>
          ) : (
            <span />
          )}
          <Button variant="primary" type="submit">
            {t("timeline.lane.done")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
