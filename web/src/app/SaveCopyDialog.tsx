import { useState } from "react";
import { saveCopy } from "../document/open";
import { getWorkflow } from "../document/store";
import { Dialog } from "../lib/dialog";
import { text } from "../lib/text";
import { Button } from "../lib/ui";

export function SaveCopyDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState(() => text.document.copyOf(getWorkflow().name));
  return (
    <Dialog title={text.commands.saveCopy} size="s" onClose={onClose}>
      <form
        className="app-dialog-pad app-form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void saveCopy(name.trim() || text.document.untitled);
        }}
      >
        <label>
          {text.document.name}
          <input className="ui-input" value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
        </label>
        <div className="app-form-actions">
          <Button onClick={onClose}>{text.dialog.cancel}</Button>
          <Button variant="primary" type="submit">
            {text.commands.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
