/** How Queue render renders: how often, with which seed, how long. Kept in the browser. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export type SeedMode = "workflow" | "random" | "fixed";

export interface RenderSettings {
  readonly count: number;
  readonly seedMode: SeedMode;
  readonly seed: number;
  /** Length in seconds, or null for the workflow's own. */
  readonly seconds: number | null;
}

const KEY = "nodegraph.render-settings";
const DEFAULTS: RenderSettings = { count: 1, seedMode: "workflow", seed: 7, seconds: null };
const TICKS_PER_SECOND = 6;
const MAX_SEED = 2 ** 31 - 1;

function load(): RenderSettings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<RenderSettings>) };
  } catch {
    return DEFAULTS;
  }
}

const store = createStore<RenderSettings>(load);

export const useRenderSettings = (): RenderSettings => useStore(store);

export function changeRenderSettings(change: Partial<RenderSettings>): void {
  store.setState(change);
  localStorage.setItem(KEY, JSON.stringify(store.getState()));
}

/** The fields of POST /api/queue for these settings; with a random seed every press of the button draws one. */
export function queueOptions(
  { seedMode, seed, seconds }: RenderSettings,
  random: () => number = Math.random,
): { seed?: number; ticks?: number } {
  return {
    ...(seedMode === "fixed" ? { seed } : {}),
    ...(seedMode === "random" ? { seed: Math.floor(random() * MAX_SEED) } : {}),
    ...(seconds === null ? {} : { ticks: Math.max(1, Math.round(seconds * TICKS_PER_SECOND)) }),
  };
}

export function renderSettings() {
  const settings = store.getState();
  return { count: settings.count, options: queueOptions(settings) };
}
