import { useState } from "react";
import { saveCopy } from "../document/open";
import { getWorkflow } from "../document/store";
import { Dialog } from "../lib/dialog";
import { t } from "../text";
import { Button } from "../lib/ui";

export function SaveCopyDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState(() => t("app.document.copyOf", { name: getWorkflow().name }));
  return (
    <Dialog title={t("app.commands.saveCopy")} size="s" onClose={onClose}>
      <form
        className="app-dialog-pad app-form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void saveCopy(name.trim() || t("app.document.untitled"));
        }}
      >
        <label>
          {t("app.document.name")}
          <input className="ui-input" value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
        </label>
        <div className="app-form-actions">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" type="submit">
            {t("app.commands.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
