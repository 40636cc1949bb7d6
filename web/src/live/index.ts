/** The live half of the editor: what runs, what it shows and how it is steered. */
export { connectLive, queueRender, startRun, stopRun } from "./actions";
export { ControlInspector } from "./ControlInspector";
export { DriftStrip } from "./drift/DriftStrip";
export { LatencyBar } from "./LatencyBar";
export { NodePreview } from "./NodePreview";
export { isPinned, pinnable, togglePin } from "./pins";
export { RunControls } from "./RunControls";
export { sendControl } from "./session";
export { Stage } from "./stage/Stage";
export { isActive, type LiveRun, type NodeState } from "./state";
export { useControlValue, useLive, useLiveRun, useNodeState } from "./store";
