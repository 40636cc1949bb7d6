import { getNodeSchema } from "../graph/catalog";
import { NodeDoc } from "../graph/NodeDoc";
import { SubgraphPorts } from "../graph/SubgraphPorts";
import { Dialog } from "../lib/dialog";
import { t } from "../text";
import { BlueprintsDialog } from "../share/BlueprintsDialog";
import { CommandPalette } from "./CommandPalette";
import { HistoryDialog } from "./HistoryDialog";
import { OpenDialog } from "./OpenDialog";
import { SaveCopyDialog } from "./SaveCopyDialog";
import { ShortcutsDialog } from "./ShortcutsDialog";
import { SettingsDialog } from "./SettingsDialog";
import { openDialog, showHelp } from "./ui_store";
import { useUi } from "./use_ui";
import "./dialogs.css";

/** All dialogs of the shell; loaded when the first one opens. */
export default function Dialogs() {
  const dialog = useUi((ui) => ui.dialog);
  const helpFor = useUi((ui) => ui.helpFor);
  const close = () => openDialog(null);
  const schema = helpFor === null ? undefined : getNodeSchema(helpFor);
  return (
    <>
      {dialog === "open" && <OpenDialog onClose={close} />}
      {dialog === "save-copy" && <SaveCopyDialog onClose={close} />}
      {dialog === "help" && <ShortcutsDialog onClose={close} />}
      {dialog === "palette" && <CommandPalette onClose={close} />}
      {dialog === "history" && <HistoryDialog onClose={close} />}
      {dialog === "blueprints" && <BlueprintsDialog onClose={close} />}
      {dialog === "ports" && <SubgraphPorts onClose={close} />}
      {dialog === "settings" && <SettingsDialog onClose={close} />}
      {schema && (
        <Dialog title={t("app.commands.nodeHelp")} size="s" onClose={() => showHelp(null)}>
          <div className="app-dialog-pad">
            <NodeDoc schema={schema} full />
          </div>
        </Dialog>
      )}
    </>
  );
}
