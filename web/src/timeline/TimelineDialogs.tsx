import { useStore } from "zustand";
import { AddControl } from "./AddControl";
import { ControlEditor } from "./ControlEditor";
import { closeTimelineDialog, dialogStore } from "./dialog_store";
import { HeldDialog } from "./HeldDialog";
import { MarkerDialog } from "./MarkerDialog";

/** The timeline's dialogs, opened from its bar, its lanes, its marks and its keys. */
export function TimelineDialogs() {
  const { dialog } = useStore(dialogStore);
  switch (dialog?.kind) {
    case "add":
      return <AddControl tick={dialog.tick} lane={dialog.lane} onClose={closeTimelineDialog} />;
    case "control":
      return <ControlEditor control={dialog.control} onClose={closeTimelineDialog} />;
    case "held":
      return <HeldDialog onClose={closeTimelineDialog} />;
    case "marker":
      return <MarkerDialog tick={dialog.tick} onClose={closeTimelineDialog} />;
    default:
      return null;
  }
}
