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
  togglePinned,
} from "../graph/actions";
import { fitGraph, fitSelection, pointerOrCentre, toCanvas, zoomBy } from "../graph/canvas_api";
import { copyToClipboard, cutToClipboard, pasteFromClipboard } from "../graph/clipboard_io";
import { redoWithRun, undoWithRun } from "../graph/commit_input";
import { selection, selectOnly } from "../graph/flow_store";
import {
  leaveSubgraph,
  makeSubgraphOfSelection,
  openInstance,
  showPorts,
  unpackInstance,
} from "../graph/subgraph_actions";
import { editNote } from "../graph/notes/edit_note";
import { openMenu, startRename } from "../graph/menu_store";
import { queueRender, startRun, stopRun } from "../live";
import type { TextKey } from "../text";
import { stepTab } from "../document/tabs";
import { keysFor } from "./keymap";
import { shareLink } from "./share_link";
import { closeFrontTab, openTab } from "./TabBar";
import { openDialog, setStageMode, togglePanel, toggleProfiling, toggleTheme, uiStore } from "./ui_store";

export type Section = "workflow" | "edit" | "nodes" | "arrange" | "view" | "run" | "timeline";

/** Something that has keys, as the help page lists it. */
export interface Shortcut {
  readonly id: string;
  readonly title: TextKey;
  readonly section: Section;
  /** Written as in the help page, such as "Ctrl+Shift+Z"; the first one is shown, all work. */
  readonly keys?: readonly string[];
}

export interface Command extends Shortcut {
  /** Also works while a text field or the stage has the keyboard. */
  readonly everywhere?: boolean;
  readonly run: () => void;
}

export const COMMANDS: readonly Command[] = [
  {
    id: "run",
    title: "app.commands.run",
    section: "run",
    keys: ["Ctrl+Enter"],
    everywhere: true,
    run: () => void startRun(),
  },
  {
    id: "queue",
    title: "app.commands.queue",
    section: "run",
    keys: ["Ctrl+Shift+Enter"],
    everywhere: true,
    run: () => void queueRender(),
  },
  {
    id: "stop",
    title: "app.commands.stop",
    section: "run",
    keys: ["Ctrl+."],
    everywhere: true,
    run: () => void stopRun(),
  },

  {
    id: "save",
    title: "app.commands.save",
    section: "workflow",
    keys: ["Ctrl+S"],
    everywhere: true,
    run: () => void saveWorkflow(),
  },
  {
    id: "save-copy",
    title: "app.commands.saveCopy",
    section: "workflow",
    keys: ["Ctrl+Shift+S"],
    everywhere: true,
    run: () => openDialog("save-copy"),
  },
  {
    id: "open",
    title: "app.commands.open",
    section: "workflow",
    keys: ["Ctrl+O"],
    everywhere: true,
    run: () => openDialog("open"),
  },
  { id: "new", title: "app.commands.newOne", section: "workflow", run: newWorkflow },
  { id: "new-tab", title: "app.commands.newTab", section: "workflow", keys: ["Alt+T"], run: openTab },
  { id: "close-tab", title: "app.commands.closeTab", section: "workflow", keys: ["Alt+W"], run: closeFrontTab },
  {
    id: "next-tab",
    title: "app.commands.nextTab",
    section: "workflow",
    keys: ["Alt+."],
    run: () => stepTab(1),
  },
  {
    id: "previous-tab",
    title: "app.commands.previousTab",
    section: "workflow",
    keys: ["Alt+,"],
    run: () => stepTab(-1),
  },
  { id: "share", title: "app.commands.share", section: "workflow", run: () => void shareLink() },
  { id: "download", title: "app.commands.download", section: "workflow", run: downloadWorkflow },

  { id: "undo", title: "app.commands.undo", section: "edit", keys: ["Ctrl+Z"], run: undoWithRun },
  { id: "redo", title: "app.commands.redo", section: "edit", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], run: redoWithRun },
  { id: "history", title: "app.commands.history", section: "edit", keys: ["Alt+H"], run: () => openDialog("history") },
  { id: "copy", title: "app.commands.copy", section: "edit", keys: ["Ctrl+C"], run: () => void copyToClipboard() },
  { id: "cut", title: "app.commands.cut", section: "edit", keys: ["Ctrl+X"], run: () => void cutToClipboard() },
  { id: "paste", title: "app.commands.paste", section: "edit", keys: ["Ctrl+V"], run: () => void pasteFromClipboard() },
  {
    id: "paste-wired",
    title: "app.commands.pasteWired",
    section: "edit",
    keys: ["Ctrl+Shift+V"],
    run: () => void pasteFromClipboard(undefined, true),
  },
  { id: "duplicate", title: "app.commands.duplicate", section: "edit", keys: ["Ctrl+D"], run: duplicateSelection },
  { id: "delete", title: "app.commands.remove", section: "edit", keys: ["Delete", "Backspace"], run: deleteSelection },
  { id: "select-all", title: "app.commands.selectAll", section: "edit", keys: ["Ctrl+A"], run: selectAll },
  { id: "deselect", title: "app.commands.deselect", section: "edit", keys: ["Escape"], run: leave },

  {
    id: "add",
    title: "app.commands.addNode",
    section: "nodes",
    keys: ["Space", "Tab"],
    run: () => openMenu({ kind: "search", at: pointerOrCentre(), end: null }),
  },
  {
    id: "note",
    title: "app.commands.addNote",
    section: "nodes",
    keys: ["N"],
    run: () => addNote(toCanvas(pointerOrCentre())),
  },
  {
    id: "rename",
    title: "app.commands.rename",
    section: "nodes",
    keys: ["F2"],
    run: () => startRename(selection().nodes[0] ?? null),
  },
  { id: "edit-note", title: "app.commands.editNote", section: "nodes", keys: ["Enter"], run: editNote },
  { id: "mute", title: "app.commands.mute", section: "nodes", keys: ["Ctrl+M"], run: () => toggleMode("muted") },
  { id: "bypass", title: "app.commands.bypass", section: "nodes", keys: ["Ctrl+B"], run: () => toggleMode("bypassed") },
  { id: "collapse", title: "app.commands.collapse", section: "nodes", keys: ["Alt+C"], run: () => toggleCollapsed() },
  { id: "pin", title: "app.commands.pin", section: "nodes", keys: ["P"], run: () => togglePinned() },
  { id: "connect", title: "app.commands.connect", section: "nodes", keys: ["C"], run: connectSelection },
  { id: "group", title: "app.commands.group", section: "nodes", keys: ["Ctrl+G"], run: groupSelection },

  {
    id: "subgraph",
    title: "app.commands.subgraph",
    section: "nodes",
    keys: ["Ctrl+Shift+G"],
    run: makeSubgraphOfSelection,
  },
  {
    id: "unpack",
    title: "app.commands.unpack",
    section: "nodes",
    keys: ["Ctrl+Alt+G"],
    run: () => unpackInstance(selection().nodes[0]),
  },
  {
    id: "open-subgraph",
    title: "app.commands.openSubgraph",
    section: "nodes",
    keys: ["Alt+ArrowDown"],
    run: () => void openInstance(selection().nodes[0] ?? ""),
  },
  {
    id: "leave-subgraph",
    title: "app.commands.leaveSubgraph",
    section: "nodes",
    keys: ["Alt+ArrowUp"],
    run: () => void leaveSubgraph(),
  },
  {
    id: "blueprints",
    title: "share.blueprints",
    section: "nodes",
    run: () => openDialog("blueprints"),
  },
  { id: "ports", title: "app.commands.ports", section: "nodes", run: showPorts },

  {
    id: "arrange",
    title: "app.commands.arrange",
    section: "arrange",
    keys: ["Shift+A"],
    run: () => void arrangeNodes(),
  },
  {
    id: "align-left",
    title: "app.commands.alignLeft",
    section: "arrange",
    keys: ["Shift+ArrowLeft"],
    run: () => alignSelection("left"),
  },
  {
    id: "align-right",
    title: "app.commands.alignRight",
    section: "arrange",
    keys: ["Shift+ArrowRight"],
    run: () => alignSelection("right"),
  },
  {
    id: "align-top",
    title: "app.commands.alignTop",
    section: "arrange",
    keys: ["Shift+ArrowUp"],
    run: () => alignSelection("top"),
  },
  {
    id: "align-bottom",
    title: "app.commands.alignBottom",
    section: "arrange",
    keys: ["Shift+ArrowDown"],
    run: () => alignSelection("bottom"),
  },
  { id: "distribute-x", title: "app.commands.distributeX", section: "arrange", run: () => distributeSelection("x") },
  { id: "distribute-y", title: "app.commands.distributeY", section: "arrange", run: () => distributeSelection("y") },
  {
    id: "snap",
    title: "app.commands.snap",
    section: "arrange",
    run: () => uiStore.setState(({ snap }) => ({ snap: !snap })),
  },

  {
    id: "fit",
    title: "app.commands.fit",
    section: "view",
    keys: ["F", "."],
    run: () => (selection().nodes.length > 0 ? fitSelection() : fitGraph()),
  },
  { id: "zoom-in", title: "app.commands.zoomIn", section: "view", keys: ["Ctrl+=", "Alt+="], run: () => zoomBy("in") },
  {
    id: "zoom-out",
    title: "app.commands.zoomOut",
    section: "view",
    keys: ["Ctrl+-", "Alt+-"],
    run: () => zoomBy("out"),
  },
  {
    id: "minimap",
    title: "app.commands.minimap",
    section: "view",
    keys: ["M"],
    run: () => uiStore.setState(({ minimap }) => ({ minimap: !minimap })),
  },
  {
    id: "profiling",
    title: "app.commands.profiling",
    section: "view",
    keys: ["Shift+P"],
    run: toggleProfiling,
  },
  {
    id: "stage-full",
    title: "app.commands.stageFull",
    section: "view",
    keys: ["Ctrl+Shift+F"],
    everywhere: true,
    run: toggleFullStage,
  },
  { id: "stage-toggle", title: "app.commands.stageToggle", section: "view", run: toggleStage },
  { id: "panel-nodes", title: "app.rail.nodes", section: "view", keys: ["1"], run: () => togglePanel("nodes") },
  {
    id: "panel-templates",
    title: "app.rail.templates",
    section: "view",
    keys: ["2"],
    run: () => togglePanel("templates"),
  },
  { id: "panel-queue", title: "app.rail.queue", section: "view", keys: ["3"], run: () => togglePanel("queue") },
  { id: "panel-gallery", title: "app.rail.gallery", section: "view", keys: ["4"], run: () => togglePanel("gallery") },
  { id: "theme", title: "app.commands.theme", section: "view", run: toggleTheme },
  {
    id: "palette",
    title: "app.commands.palette",
    section: "view",
    keys: ["Ctrl+K"],
    everywhere: true,
    run: () => openDialog("palette"),
  },
  {
    id: "settings",
    title: "app.settings",
    section: "view",
    keys: ["Ctrl+,"],
    everywhere: true,
    run: () => openDialog("settings"),
  },
  { id: "help", title: "app.commands.help", section: "view", keys: ["?"], run: () => openDialog("help") },
];

function leave(): void {
  if (uiStore.getState().stageMode === "full") setStageMode("docked");
  else if (selection().nodes.length + selection().edges.length + selection().groups.length > 0) selectOnly([]);
  else leaveSubgraph();
}

export function toggleFullStage(): void {
  setStageMode(uiStore.getState().stageMode === "full" ? "docked" : "full");
}

export function toggleStage(): void {
  setStageMode(uiStore.getState().stageMode === "hidden" ? "docked" : "hidden");
}

export function keysOf(id: string): string | undefined {
  const command = COMMANDS.find((one) => one.id === id);
  return command && keysFor(command)[0];
}
