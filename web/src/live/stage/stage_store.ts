/** What the stage shows and how it is steered: the choices of the person, kept in the browser where they should last. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { setInput } from "../../document";
import type { Axis } from "../control/mixer";
import { steer } from "../session";
import { createSteering } from "../steering";
import { liveStore } from "../store";

export type PoseSource = "none" | "webcam" | "puppet";

export interface StageOptions {
  readonly hud: boolean;
  readonly grid: boolean;
  readonly crisp: boolean;
  readonly sticks: boolean;
  readonly driveCharacter: boolean;
}

export interface StageState extends StageOptions {
  /** The node that the person picked for the stage, or null for the first that shows frames. */
  readonly picked: string | null;
  readonly poseSource: PoseSource;
  /** Axes that are off centre. */
  readonly axes: Readonly<Partial<Record<Axis, number>>>;
  readonly action: string | null;
  /** When an axis or action last moved, in milliseconds of performance.now(). */
  readonly movedMs: number;
}

const KEY = "nodegraph.stage";
const DEFAULTS: StageOptions = {
  hud: true,
  grid: false,
  crisp: false,
  sticks: globalThis.matchMedia?.("(pointer: coarse)").matches ?? false,
  driveCharacter: false,
};

function load(): StageOptions {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<StageOptions>) };
  } catch {
    return DEFAULTS;
  }
}

export const stageStore = createStore<StageState>(() => ({
  ...load(),
  picked: null,
  poseSource: "none",
  axes: {},
  action: null,
  movedMs: Number.NEGATIVE_INFINITY,
}));

export function useStage<T>(selector: (state: StageState) => T): T {
  return useStore(stageStore, selector);
}

export function toggleOption(name: keyof StageOptions): void {
  const next = !stageStore.getState()[name];
  stageStore.setState({ [name]: next });
  if (name === "driveCharacter") steering.setDriveCharacter(next);
  const { hud, grid, crisp, sticks, driveCharacter } = stageStore.getState();
  localStorage.setItem(KEY, JSON.stringify({ hud, grid, crisp, sticks, driveCharacter }));
}

export const steering = createSteering({
  send: ({ node, input }, value) => steer(node, input, value),
  moved: (axis, value) =>
    stageStore.setState(({ axes }) => ({ axes: { ...axes, [axis]: value }, movedMs: performance.now() })),
  chosen: (action) => stageStore.setState({ action, movedMs: performance.now() }),
});
steering.setDriveCharacter(stageStore.getState().driveCharacter);

/** Change a live input for good: in its document (undoable) and in the running picture. */
export function changeLiveInput(node: string, input: string, value: unknown): void {
  if (!liveStore.getState().foreign) setInput(node, input, value);
  steer(node, input, value);
}
