import { openGraph } from "../../document/store";
import { NOTE_TYPE } from "../flow_model";
import { selection } from "../flow_store";
import { startRename } from "../menu_store";

/** Edit the text of the selected note; without one nothing happens. */
export function editNote(): void {
  const [chosen] = selection().nodes;
  const note = openGraph().nodes.find((node) => node.id === chosen && node.type === NOTE_TYPE);
  if (note) startRename(note.id);
}
