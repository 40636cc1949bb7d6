/** Every command with its keys: the shortcuts, the command palette and the help page all read this table. */
import { downloadWorkflow, newWorkflow, saveWorkflow } from "../document/open";
import {
  addNote,
  alignSelection,
  arrangeNodes,
  connectSelection,
  deleteSelection,
  distributeSelection,
  duplicateSelection,
  groupSelection,
  selectAll,
  toggleCollapsed,
  toggleMode,
} from "../graph/actions";
import { fitGraph, fitSelection, pointerOrCentre, toCanvas, zoomBy } from "../graph/canvas_api";
import { copyToClipboard, cutToClipboard, pasteFromClipboard } from "../graph/clipboard_io";
import { redoWithRun, undoWithRun } from "../graph/commit_input";
import { selection, selectOnly } from "../graph/flow_store";
import { openMenu, startRename } from "../graph/menu_store";
import { queueRender, startRun, stopRun } from "../live";
import { text } from "../lib/text";
import { shareLink } from "./share_link";
import { openDialog, setStageMode, togglePanel, toggleTheme, uiStore } from "./ui_store";

export type Section = keyof typeof text.sections;

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly section: Section;
  /** Written as in the help page, such as "Ctrl+Shift+Z"; the first one is shown, all work. */
  readonly keys?: readonly string[];
  /** Also works while a text field or the stage has the keyboard. */
  readonly everywhere?: boolean;
  readonly run: () => void;
}

const t = text.commands;

export const COMMANDS: readonly Command[] = [
  { id: "run", title: t.run, section: "run", keys: ["Ctrl+Enter"], everywhere: true, run: () => void startRun() },
  {
    id: "queue",
    title: t.queue,
    section: "run",
    keys: ["Ctrl+Shift+Enter"],
    everywhere: true,
    run: () => void queueRender(),
  },
  { id: "stop", title: t.stop, section: "run", keys: ["Ctrl+."], everywhere: true, run: () => void stopRun() },

  {
    id: "save",
    title: t.save,
    section: "workflow",
    keys: ["Ctrl+S"],
    everywhere: true,
    run: () => void saveWorkflow(),
  },
  {
    id: "save-copy",
    title: t.saveCopy,
    section: "workflow",
    keys: ["Ctrl+Shift+S"],
    everywhere: true,
    run: () => openDialog("save-copy"),
  },
  { id: "open", title: t.open, section: "workflow", keys: ["Ctrl+O"], everywhere: true, run: () => openDialog("open") },
  { id: "new", title: t.newOne, section: "workflow", run: newWorkflow },
  { id: "share", title: t.share, section: "workflow", run: () => void shareLink() },
  { id: "download", title: t.download, section: "workflow", run: downloadWorkflow },

  { id: "undo", title: t.undo, section: "edit", keys: ["Ctrl+Z"], run: undoWithRun },
  { id: "redo", title: t.redo, section: "edit", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], run: redoWithRun },
  { id: "copy", title: t.copy, section: "edit", keys: ["Ctrl+C"], run: () => void copyToClipboard() },
  { id: "cut", title: t.cut, section: "edit", keys: ["Ctrl+X"], run: () => void cutToClipboard() },
  { id: "paste", title: t.paste, section: "edit", keys: ["Ctrl+V"], run: () => void pasteFromClipboard() },
  {
    id: "paste-wired",
    title: t.pasteWired,
    section: "edit",
    keys: ["Ctrl+Shift+V"],
    run: () => void pasteFromClipboard(undefined, true),
  },
  { id: "duplicate", title: t.duplicate, section: "edit", keys: ["Ctrl+D"], run: duplicateSelection },
  { id: "delete", title: t.remove, section: "edit", keys: ["Delete", "Backspace"], run: deleteSelection },
  { id: "select-all", title: t.selectAll, section: "edit", keys: ["Ctrl+A"], run: selectAll },
  { id: "deselect", title: t.deselect, section: "edit", keys: ["Escape"], run: leave },

  {
    id: "add",
    title: t.addNode,
    section: "nodes",
    keys: ["Space", "Tab"],
    run: () => openMenu({ kind: "search", at: pointerOrCentre(), end: null }),
  },
  { id: "note", title: t.addNote, section: "nodes", keys: ["N"], run: () => addNote(toCanvas(pointerOrCentre())) },
  {
    id: "rename",
    title: t.rename,
    section: "nodes",
    keys: ["F2"],
    run: () => startRename(selection().nodes[0] ?? null),
  },
  { id: "mute", title: t.mute, section: "nodes", keys: ["Ctrl+M"], run: () => toggleMode("muted") },
  { id: "bypass", title: t.bypass, section: "nodes", keys: ["Ctrl+B"], run: () => toggleMode("bypassed") },
  { id: "collapse", title: t.collapse, section: "nodes", keys: ["Alt+C"], run: () => toggleCollapsed() },
  { id: "connect", title: t.connect, section: "nodes", keys: ["C"], run: connectSelection },
  { id: "group", title: t.group, section: "nodes", keys: ["Ctrl+G"], run: groupSelection },

  { id: "arrange", title: t.arrange, section: "arrange", keys: ["Shift+A"], run: () => void arrangeNodes() },
  {
    id: "align-left",
    title: t.alignLeft,
    section: "arrange",
    keys: ["Shift+ArrowLeft"],
    run: () => alignSelection("left"),
  },
  {
    id: "align-right",
    title: t.alignRight,
    section: "arrange",
    keys: ["Shift+ArrowRight"],
    run: () => alignSelection("right"),
  },
  { id: "align-top", title: t.alignTop, section: "arrange", keys: ["Shift+ArrowUp"], run: () => alignSelection("top") },
  {
    id: "align-bottom",
    title: t.alignBottom,
    section: "arrange",
    keys: ["Shift+ArrowDown"],
    run: () => alignSelection("bottom"),
  },
  { id: "distribute-x", title: t.distributeX, section: "arrange", run: () => distributeSelection("x") },
  { id: "distribute-y", title: t.distributeY, section: "arrange", run: () => distributeSelection("y") },
  { id: "snap", title: t.snap, section: "arrange", run: () => uiStore.setState(({ snap }) => ({ snap: !snap })) },

  {
    id: "fit",
    title: t.fit,
    section: "view",
    keys: ["F", "."],
    run: () => (selection().nodes.length > 0 ? fitSelection() : fitGraph()),
  },
  { id: "zoom-in", title: t.zoomIn, section: "view", keys: ["Ctrl+=", "Alt+="], run: () => zoomBy("in") },
  { id: "zoom-out", title: t.zoomOut, section: "view", keys: ["Ctrl+-", "Alt+-"], run: () => zoomBy("out") },
  {
    id: "minimap",
    title: t.minimap,
    section: "view",
    keys: ["M"],
    run: () => uiStore.setState(({ minimap }) => ({ minimap: !minimap })),
  },
  {
    id: "stage-full",
    title: t.stageFull,
    section: "view",
    keys: ["Ctrl+Shift+F"],
    everywhere: true,
    run: toggleFullStage,
  },
  { id: "stage-toggle", title: t.stageToggle, section: "view", run: toggleStage },
  { id: "panel-nodes", title: text.rail.nodes, section: "view", keys: ["1"], run: () => togglePanel("nodes") },
  {
    id: "panel-templates",
    title: text.rail.templates,
    section: "view",
    keys: ["2"],
    run: () => togglePanel("templates"),
  },
  { id: "panel-queue", title: text.rail.queue, section: "view", keys: ["3"], run: () => togglePanel("queue") },
  { id: "panel-gallery", title: text.rail.gallery, section: "view", keys: ["4"], run: () => togglePanel("gallery") },
  { id: "theme", title: t.theme, section: "view", run: toggleTheme },
  {
    id: "palette",
    title: t.palette,
    section: "view",
    keys: ["Ctrl+K"],
    everywhere: true,
    run: () => openDialog("palette"),
  },
  { id: "help", title: t.help, section: "view", keys: ["?"], run: () => openDialog("help") },
];

function leave(): void {
  if (uiStore.getState().stageMode === "full") setStageMode("docked");
  else selectOnly([]);
}

export function toggleFullStage(): void {
  setStageMode(uiStore.getState().stageMode === "full" ? "docked" : "full");
}

export function toggleStage(): void {
  setStageMode(uiStore.getState().stageMode === "hidden" ? "docked" : "hidden");
}

export function keysOf(id: string): string | undefined {
  return COMMANDS.find((command) => command.id === id)?.keys?.[0];
}
