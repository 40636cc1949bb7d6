import { Redo2, Undo2 } from "lucide-react";
import type { KeyboardEvent } from "react";
import { redoWithRun, undoWithRun } from "../graph/commit_input";
import { Button, IconButton } from "../lib/ui";
import { t } from "../text";

/** The end of an editor's bar: undo, redo and done. Edits are in the workflow already; done only closes. */
export function EditorHistory({ onClose }: { readonly onClose: () => void }) {
  return (
    <>
      <span className="wd-spring" />
      <IconButton label={t("widgets.undo")} keys="Ctrl+Z" icon={<Undo2 size={15} />} onClick={() => undoWithRun()} />
      <IconButton label={t("widgets.redo")} keys="Ctrl+Y" icon={<Redo2 size={15} />} onClick={() => redoWithRun()} />
      <Button size="s" variant="primary" onClick={onClose}>
        {t("widgets.done")}
      </Button>
    </>
  );
}

/** Undo and redo by their keys while an editor's window is open; true when the key was one of them. */
export function historyKey(event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement) return false;
  const name = event.key.toLowerCase();
  if (name !== "z" && name !== "y") return false;
  (name === "y" || event.shiftKey ? redoWithRun : undoWithRun)();
  event.preventDefault();
  event.stopPropagation();
  return true;
}
