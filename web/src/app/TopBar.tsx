import { CircleHelp, Command, FolderOpen, Moon, Redo2, Save, Settings, Share2, Sun, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useDocument } from "../document/hooks";
import { saveWorkflow } from "../document/open";
import { edit } from "../document/store";
import { redoWithRun, undoWithRun } from "../graph/commit_input";
import { RunControls } from "../live";
import { t } from "../text";
import { IconButton } from "../lib/ui";
import { Logo } from "./Logo";
import { ProblemList } from "./ProblemList";
import { shareLink } from "./share_link";
import { openDialog, toggleTheme } from "./ui_store";
import { useUi } from "./use_ui";

export function TopBar() {
  return (
    <header className="app-topbar">
      <div className="app-logo">
        <Logo />
        <span className="app-hide-medium">{t("app.name")}</span>
      </div>
      <span className="app-divider app-hide-narrow" />
      <div className="app-doc">
        <WorkflowName />
        <SaveState />
      </div>
      <div className="app-tools app-hide-narrow">
        <IconButton
          label={t("app.commands.open")}
          keys="Ctrl+O"
          icon={<FolderOpen size={16} />}
          onClick={() => openDialog("open")}
        />
        <IconButton
          label={t("app.commands.save")}
          keys="Ctrl+S"
          icon={<Save size={16} />}
          onClick={() => void saveWorkflow()}
        />
        <UndoRedo />
      </div>
      <span className="app-spring" />
      <ProblemList />
      <div className="app-run">
        <RunControls />
      </div>
      <span className="app-divider app-hide-narrow" />
      <RightTools />
    </header>
  );
}

function WorkflowName() {
  const name = useDocument((state) => state.doc.name);
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${name} - ${t("app.name")}`;
  }, [name]);
  function finish() {
    const next = typed?.trim();
    if (next) edit(t("graph.edits.rename"), { kind: "patch-document", patch: { name: next } });
    setTyped(null);
  }
  return (
    <input
      className="app-doc-name"
      aria-label={t("app.renameWorkflow")}
      value={typed ?? name}
      maxLength={120}
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}

const SAVE_HINTS = {
  saved: "app.save.savedHint",
  saving: "app.save.saving",
  draft: "app.save.draftHint",
  failed: "app.save.failedHint",
} as const;

function SaveState() {
  const save = useDocument((state) => state.save);
  return (
    <button
      type="button"
      className="app-save app-hide-narrow"
      data-save={save}
      title={t(SAVE_HINTS[save])}
      onClick={() => void saveWorkflow()}
    >
      <i aria-hidden />
      {t(`app.save.${save}`)}
    </button>
  );
}

function UndoRedo() {
  const undo = useDocument((state) => state.history.undo.at(-1)?.name ?? null);
  const redo = useDocument((state) => state.history.redo.at(-1)?.name ?? null);
  return (
    <>
      <IconButton
        label={undo === null ? t("app.commands.undo") : t("app.commands.undoNamed", { name: undo })}
        keys="Ctrl+Z"
        icon={<Undo2 size={16} />}
        disabled={undo === null}
        onClick={undoWithRun}
      />
      <IconButton
        label={redo === null ? t("app.commands.redo") : t("app.commands.redoNamed", { name: redo })}
        keys="Ctrl+Shift+Z"
        icon={<Redo2 size={16} />}
        disabled={redo === null}
        onClick={redoWithRun}
      />
    </>
  );
}

function RightTools() {
  const theme = useUi((ui) => ui.theme);
  return (
    <div className="app-tools">
      <IconButton
        className="app-hide-narrow"
        label={t("app.commands.share")}
        icon={<Share2 size={16} />}
        onClick={() => void shareLink()}
      />
      <IconButton
        label={t("app.commands.palette")}
        keys="Ctrl+K"
        icon={<Command size={16} />}
        onClick={() => openDialog("palette")}
      />
      <IconButton
        className="app-hide-narrow"
        label={t("app.commands.theme")}
        icon={theme === "dark" ? <Sun size={16} /> : <Moon size={16} />}
        onClick={toggleTheme}
      />
      <IconButton
        className="app-hide-narrow"
        label={t("app.settings")}
        keys="Ctrl+,"
        icon={<Settings size={16} />}
        onClick={() => openDialog("settings")}
      />
      <IconButton
        className="app-hide-narrow"
        label={t("app.commands.help")}
        keys="?"
        icon={<CircleHelp size={16} />}
        onClick={() => openDialog("help")}
      />
    </div>
  );
}
