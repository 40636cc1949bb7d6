/** What both views of a path (the scene in 3-D and the plan) are given and what they report. */
import type { CameraKey, CameraPath } from "./path";
import type { Palette } from "./first_person";

export type Tool = "move" | "turn";

export interface PathScene {
  readonly path: CameraPath;
  readonly loop: boolean;
  readonly selected: number;
  /** The camera at the time of the slider. */
  readonly now: CameraKey;
  readonly tool: Tool;
  readonly palette: Palette;
}

export interface PathEvents {
  select(index: number): void;
  /** The hand moves a keyframe; `done` when it lets go. */
  drag(index: number, patch: Partial<CameraKey>, done: boolean): void;
}

export interface PathView {
  update(scene: PathScene): void;
  destroy(): void;
}
