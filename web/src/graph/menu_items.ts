/** What the menus of nodes, groups, wires and the empty canvas offer. */
import {
  ArrowLeftRight,
  ArrowRightToLine,
  BookmarkPlus,
  BookOpen,
  BoxSelect,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Group,
  LayoutGrid,
  Lock,
  type LucideIcon,
  Maximize,
  MinusSquare,
  PackageOpen,
  PackagePlus,
  Pencil,
  Plus,
  Redo2,
  Shuffle,
  SquareArrowDownRight,
  StickyNote,
  Trash2,
  VolumeX,
} from "lucide-react";
import { showHelp } from "../app/ui_store";
import { edit, openGraph } from "../document/store";
import { subgraphOf } from "../document/types";
import { t } from "../text";
import {
  addNote,
  arrangeNodes,
  deleteSelection,
  disconnect,
  duplicateSelection,
  groupSelection,
  insertReroute,
  selectAll,
  toggleCollapsed,
  toggleMode,
  togglePinned,
} from "./actions";
import type { Point } from "./point";
import { fitGraph, toCanvas } from "./canvas_api";
import { getNodeSchema } from "./catalog";
import { inputItems, pinItems } from "./menu_inputs";
import { copyToClipboard, pasteFromClipboard } from "./clipboard_io";
import { looseEnd } from "./dropped_wire";
import { makeSubgraphOfSelection, openInstance, saveBlueprint, unpackInstance } from "./subgraph_actions";
import { type CanvasMenu, openMenu, startRename } from "./menu_store";

const BESIDE_PX = 40;

export type MenuItem =
  | "line"
  | {
      readonly label: string;
      readonly icon: LucideIcon;
      readonly keys?: string;
      readonly danger?: boolean;
      readonly run: () => void;
    };

export function menuItems(menu: Exclude<CanvasMenu, { kind: "search" }>): readonly MenuItem[] {
  switch (menu.kind) {
    case "node":
      return nodeItems(menu.node, menu.at);
    case "group":
      return [{ label: t("app.commands.ungroup"), icon: Trash2, danger: true, run: () => removeGroup(menu.group) }];
    case "input":
      return inputItems(menu.node, menu.input);
    case "edge":
      return [
        { label: t("graph.edits.reroute"), icon: Shuffle, run: () => insertReroute(menu.edge, toCanvas(menu.at)) },
        {
          label: t("graph.edits.disconnect"),
          icon: Trash2,
          keys: "Del",
          danger: true,
          run: () => disconnect([menu.edge]),
        },
      ];
    case "pane":
      return paneItems(menu.at);
  }
}

function nodeItems(id: string, at: Point): readonly MenuItem[] {
  const type = openGraph().nodes.find((node) => node.id === id)?.type ?? null;
  const output = getNodeSchema(type ?? "")?.outputs[0];
  const pins = pinItems(id);
  const end = output ? looseEnd(id, output.name, "output") : null;
  const next: MenuItem = {
    label: t("app.commands.next"),
    icon: ArrowRightToLine,
    run: () => openMenu({ kind: "search", at: besideNode(id) ?? at, end }),
  };
  return [
    { label: t("app.commands.nodeHelp"), icon: BookOpen, run: () => showHelp(type) },
    { label: t("app.commands.rename"), icon: Pencil, keys: "F2", run: () => startRename(id) },
    "line",
    ...(end === null ? [] : [next]),
    {
      label: t("app.commands.replace"),
      icon: ArrowLeftRight,
      run: () => openMenu({ kind: "search", at, end: null, replaces: id }),
    },
    { label: t("app.commands.copy"), icon: Copy, keys: "Ctrl+C", run: () => void copyToClipboard() },
    { label: t("app.commands.duplicate"), icon: CopyPlus, keys: "Ctrl+D", run: duplicateSelection },
    { label: t("app.commands.group"), icon: Group, keys: "Ctrl+G", run: groupSelection },
    {
      label: t("app.commands.subgraph"),
      icon: PackagePlus,
      keys: "Ctrl+Shift+G",
      run: makeSubgraphOfSelection,
    },
    ...(type !== null && subgraphOf(type) !== null ? instanceItems(id) : []),
    "line",
    { label: t("app.commands.mute"), icon: VolumeX, keys: "Ctrl+M", run: () => toggleMode("muted") },
    { label: t("app.commands.bypass"), icon: Redo2, keys: "Ctrl+B", run: () => toggleMode("bypassed") },
    { label: t("app.commands.collapse"), icon: MinusSquare, keys: "Alt+C", run: () => toggleCollapsed() },
    { label: t("app.commands.pin"), icon: Lock, keys: "P", run: () => togglePinned() },
    "line",
    ...(pins.length === 0 ? [] : ([...pins, "line"] as const)),
    { label: t("app.commands.remove"), icon: Trash2, keys: "Del", danger: true, run: deleteSelection },
  ];
}

function instanceItems(id: string): readonly MenuItem[] {
  return [
    "line",
    { label: t("graph.subgraph.open"), icon: SquareArrowDownRight, run: () => void openInstance(id) },
    { label: t("app.commands.unpack"), icon: PackageOpen, keys: "Ctrl+Alt+G", run: () => unpackInstance(id) },
    { label: t("app.commands.blueprint"), icon: BookmarkPlus, run: () => saveBlueprint(id) },
  ];
}

function paneItems(at: { x: number; y: number }): readonly MenuItem[] {
  return [
    {
      label: t("app.commands.addNode"),
      icon: Plus,
      keys: "Space",
      run: () => openMenu({ kind: "search", at, end: null }),
    },
    { label: t("app.commands.addNote"), icon: StickyNote, run: () => addNote(toCanvas(at)) },
    { label: t("app.commands.paste"), icon: ClipboardPaste, keys: "Ctrl+V", run: () => void pasteFromClipboard(at) },
    "line",
    { label: t("app.commands.selectAll"), icon: BoxSelect, keys: "Ctrl+A", run: selectAll },
    { label: t("app.commands.arrange"), icon: LayoutGrid, keys: "Shift+A", run: () => void arrangeNodes() },
    { label: t("app.commands.fit"), icon: Maximize, keys: "F", run: () => fitGraph() },
  ];
}

/** A place to the right of a node, in window pixels. */
function besideNode(id: string): Point | null {
  const box = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect();
  return box ? { x: box.right + BESIDE_PX, y: box.top + BESIDE_PX } : null;
}

function removeGroup(id: string): void {
  edit(t("graph.edits.ungroup"), { kind: "remove-groups", ids: [id] });
}

export function setGroupColor(id: string, color: string | undefined): void {
  edit(t("graph.edits.color"), { kind: "patch-groups", patches: new Map([[id, { color }]]) });
}
