/** The one menu or search box that is open over the canvas. */
import { createStore } from "zustand/vanilla";
import type { WorkflowEdge } from "../document/types";
import type { Point } from "./point";
import type { LooseEnd } from "./search";

export type CanvasMenu =
  | { readonly kind: "search"; readonly at: Point; readonly end: LooseEnd | null; readonly replaces?: string }
  | { readonly kind: "node"; readonly at: Point; readonly node: string }
  | { readonly kind: "input"; readonly at: Point; readonly node: string; readonly input: string }
  | { readonly kind: "group"; readonly at: Point; readonly group: string }
  | { readonly kind: "edge"; readonly at: Point; readonly edge: WorkflowEdge }
  | { readonly kind: "pane"; readonly at: Point };

export interface MenuState {
  /** `at` is in window pixels. */
  readonly menu: CanvasMenu | null;
  /** The node whose title is being edited. */
  readonly renaming: string | null;
}

export const menuStore = createStore<MenuState>(() => ({ menu: null, renaming: null }));

export function openMenu(menu: CanvasMenu): void {
  menuStore.setState({ menu });
}

export function closeMenu(): void {
  menuStore.setState({ menu: null });
}

export function startRename(node: string | null): void {
  menuStore.setState({ renaming: node });
}
