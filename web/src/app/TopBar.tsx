import { CircleHelp, Command, FolderOpen, Moon, Redo2, Save, Share2, Sun, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useDocument } from "../document/hooks";
import { saveWorkflow } from "../document/open";
import { edit } from "../document/store";
import { redoWithRun, undoWithRun } from "../graph/commit_input";
import { RunControls } from "../live";
import { text } from "../lib/text";
import { IconButton } from "../lib/ui";
import { Logo } from "./Logo";
import { ProblemList } from "./ProblemList";
import { shareLink } from "./share_link";
import { openDialog, toggleTheme, uiStore } from "./ui_store";
import { useUi } from "./use_ui";

export function TopBar() {
  return (
    <header className="app-topbar">
      <div className="app-logo">
        <Logo />
        <span className="app-hide-medium">{text.app.name}</span>
      </div>
      <span className="app-divider app-hide-narrow" />
      <div className="app-doc">
        <WorkflowName />
        <SaveState />
      </div>
      <div className="app-tools app-hide-narrow">
        <IconButton
          label={text.commands.open}
          keys="Ctrl+O"
          icon={<FolderOpen size={16} />}
          onClick={() => openDialog("open")}
        />
        <IconButton
          label={text.commands.save}
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
    document.title = `${name} - ${text.app.name}`;
  }, [name]);
  function finish() {
    const next = typed?.trim();
    if (next) edit(text.edits.rename, { kind: "patch-document", patch: { name: next } });
    setTyped(null);
  }
  return (
    <input
      className="app-doc-name"
      aria-label={text.app.renameWorkflow}
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
  saved: text.save.savedHint,
  saving: text.save.saving,
  draft: text.save.draftHint,
  failed: text.save.failedHint,
};

function SaveState() {
  const save = useDocument((state) => state.save);
  return (
    <button
      type="button"
      className="app-save app-hide-narrow"
      data-save={save}
      title={SAVE_HINTS[save]}
      onClick={() => void saveWorkflow()}
    >
      <i aria-hidden />
      {text.save[save]}
    </button>
  );
}

function UndoRedo() {
  const undo = useDocument((state) => state.history.undo.at(-1)?.name ?? null);
  const redo = useDocument((state) => state.history.redo.at(-1)?.name ?? null);
  return (
    <>
      <IconButton
        label={undo === null ? text.commands.undo : text.commands.undoNamed(undo)}
        keys="Ctrl+Z"
        icon={<Undo2 size={16} />}
        disabled={undo === null}
        onClick={undoWithRun}
      />
      <IconButton
        label={redo === null ? text.commands.redo : text.commands.redoNamed(redo)}
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
  const half = useUi((ui) => ui.half);
  return (
    <div className="app-tools">
      <span className="app-halves">
        <IconButton
          label={half === "canvas" ? text.app.showStage : text.app.canvas}
          icon={<span>{text.app.swapMobile[half === "canvas" ? "stage" : "canvas"]}</span>}
          style={{ width: "auto", padding: "0 10px" }}
          onClick={() => uiStore.setState({ half: half === "canvas" ? "stage" : "canvas" })}
        />
      </span>
      <IconButton
        className="app-hide-narrow"
        label={text.commands.share}
        icon={<Share2 size={16} />}
        onClick={() => void shareLink()}
      />
      <IconButton
        className="app-hide-narrow"
        label={text.commands.palette}
        keys="Ctrl+K"
        icon={<Command size={16} />}
        onClick={() => openDialog("palette")}
      />
      <IconButton
        className="app-hide-narrow"
        label={text.commands.theme}
        icon={theme === "dark" ? <Sun size={16} /> : <Moon size={16} />}
        onClick={toggleTheme}
      />
      <IconButton
        className="app-hide-narrow"
        label={text.commands.help}
        keys="?"
        icon={<CircleHelp size={16} />}
        onClick={() => openDialog("help")}
      />
    </div>
  );
}
