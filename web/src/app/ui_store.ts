/** What is open and how the window is divided; kept in localStorage. Knows no React. */
import { createStore } from "zustand/vanilla";

export type Theme = "dark" | "light";
export type PanelId = "nodes" | "templates" | "queue" | "gallery";
export type StageMode = "docked" | "full" | "hidden";
export type DialogId = "blueprints" | "open" | "help" | "history" | "palette" | "ports" | "save-copy" | "settings";

interface Kept {
  readonly theme: Theme;
  readonly panel: PanelId | null;
  /** The stage's share of the width beside the panels, 0..1. */
  readonly stageShare: number;
  readonly snap: boolean;
  readonly minimap: boolean;
}

export interface UiState extends Kept {
  readonly stageMode: StageMode;
  /** The canvas shows where the time goes. */
  readonly profiling: boolean;
  readonly dialog: DialogId | null;
  /** Which half a narrow window shows. */
  readonly half: "canvas" | "stage";
  /** The node type whose help is shown. */
  readonly helpFor: string | null;
}

const KEY = "nodegraph.window";
/** Below this width canvas and stage take turns (the same number as in app.css). */
export const NARROW_PX = 900;

const STAGE_SHARE = { least: 0.22, most: 0.7, first: 0.4 };

function load(): Kept {
  const first: Kept = { theme: "dark", panel: null, stageShare: STAGE_SHARE.first, snap: false, minimap: true };
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>) };
  } catch {
    return first;
  }
}

export const uiStore = createStore<UiState>(() => ({
  ...load(),
  stageMode: "docked",
  profiling: false,
  dialog: null,
  half: window.innerWidth < NARROW_PX ? "stage" : "canvas",
  helpFor: null,
}));

uiStore.subscribe(({ theme, panel, stageShare, snap, minimap }) => {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, JSON.stringify({ theme, panel, stageShare, snap, minimap }));
  } catch {
    // A browser that stores nothing still edits; only the window's layout is forgotten.
  }
});
document.documentElement.dataset.theme = uiStore.getState().theme;

export function setPanel(panel: PanelId | null): void {
  uiStore.setState({ panel });
}

export function togglePanel(panel: PanelId): void {
  uiStore.setState((state) => ({ panel: state.panel === panel ? null : panel }));
}

export function setStageMode(stageMode: StageMode): void {
  uiStore.setState({ stageMode });
}

export function setStageShare(share: number): void {
  uiStore.setState({ stageShare: Math.min(STAGE_SHARE.most, Math.max(STAGE_SHARE.least, share)) });
}

export function toggleTheme(): void {
  uiStore.setState((state) => ({ theme: state.theme === "dark" ? "light" : "dark" }));
}

export function toggleProfiling(): void {
  uiStore.setState((state) => ({ profiling: !state.profiling }));
}

export function openDialog(dialog: DialogId | null): void {
  uiStore.setState({ dialog });
}

export function showHelp(type: string | null): void {
  uiStore.setState({ helpFor: type });
}
