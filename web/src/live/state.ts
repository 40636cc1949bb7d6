/** State of live runs and renders, and how messages change it. Pure: no socket, no React, no clock. */
import type { WorkflowDocument } from "../document/types";
import type {
  ErrorBody,
  LatencyData,
  NodeState as NodeProgress,
  ServerMessage,
  Timings,
} from "../protocol/messages.gen";
import type { LatencySummary } from "./latency";
import type { Connection } from "./transport/socket";

export type RunStatus = "idle" | "starting" | "running" | "stopping" | "finished" | "failed";

export interface LiveRun {
  readonly status: RunStatus;
  readonly runId: string | null;
  readonly name: string;
  /** True from the first drawn frame on. */
  readonly hasFrames: boolean;
  readonly error: ErrorBody | null;
  /** The graph that runs, or null where this page did not start it. */
  readonly workflow: WorkflowDocument | null;
  /** The take that records this run, once the server named it. */
  readonly takeId: string | null;
  /** The moment that this run continues from, or null for one that began at the beginning. */
  readonly from: Origin | null;
}

/** A tick of a take. */
export interface Origin {
  readonly takeId: string;
  readonly tick: number;
  /** False where the state there was rebuilt from latents, or what came before was: frames differ from the take's. */
  readonly exact?: boolean;
}

/** What a live run reports several times a second. */
export interface Pulse {
  readonly tick: number;
  /** Generated frames a second, as the server counts them. */
  readonly fps: number;
  readonly timings: Timings;
  readonly viewers: number;
}

export interface NodeState {
  readonly status: "idle" | "queued" | "running" | "cached" | "done" | "error";
  readonly done: number;
  readonly total: number | null;
  readonly error: ErrorBody | null;
}

/** One control on its way; `tick` is null until it was applied. */
export interface Receipt {
  readonly id: string;
  readonly node: string;
  readonly input: string;
  readonly value: unknown;
  readonly received: boolean;
  readonly tick: number | null;
}

/** What a render has done so far, between 0 and 1, or null while unknown. */
export interface RenderProgress {
  readonly fraction: number | null;
}

export interface LiveState {
  readonly connection: Connection;
  readonly clientId: string;
  readonly queueRemaining: number;
  /** Rises whenever the list of jobs is different. */
  readonly queueVersion: number;
  readonly run: LiveRun;
  readonly pulse: Pulse;
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly renders: Readonly<Record<string, RenderProgress>>;
  readonly receipts: readonly Receipt[];
  /** Values last sent by stage controls, by control key. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly latency: LatencySummary | null;
  /** The same way by the server's stamps, stage by stage; null until it was measured. */
  readonly stages: LatencyData | null;
  /** Frames drawn a second on the stage, and how many milliseconds of frames wait. */
  readonly drawnFps: number;
  readonly leadMs: number;
  /** The run belongs to another workflow than the open one: nothing of it is shown on the canvas. */
  readonly foreign: boolean;
  /** Nodes that have sent frames in this run, oldest first. */
  readonly screens: readonly string[];
}

export const IDLE_NODE: NodeState = Object.freeze({ status: "idle", done: 0, total: null, error: null });

export const IDLE_RUN: LiveRun = Object.freeze({
  status: "idle",
  runId: null,
  name: "",
  hasFrames: false,
  error: null,
  workflow: null,
  takeId: null,
  from: null,
});

const NO_PULSE: Pulse = Object.freeze({ tick: 0, fps: 0, timings: {}, viewers: 0 });

const KEPT_RECEIPTS = 24;
const ACTIVE: readonly RunStatus[] = ["starting", "running", "stopping"];

export function initialState(clientId: string): LiveState {
  return {
    connection: "connecting",
    clientId,
    queueRemaining: 0,
    queueVersion: 0,
    run: IDLE_RUN,
    pulse: NO_PULSE,
    nodes: {},
    renders: {},
    receipts: [],
    values: {},
    latency: null,
    stages: null,
    drawnFps: 0,
    leadMs: 0,
    foreign: false,
    screens: [],
  };
}

export const isActive = (run: LiveRun): boolean => ACTIVE.includes(run.status);

export const controlKey = (node: string, input: string): string => `${node}\u0000${input}`;

/** Whether node states of this run belong on the canvas: those of the live run, or of a render while none is live. */
function shown(state: LiveState, runId: string): boolean {
  return !isActive(state.run) || state.run.runId === runId;
}

function withNode(state: LiveState, id: string, change: Partial<NodeState>): LiveState {
  const node = { ...(state.nodes[id] ?? IDLE_NODE), ...change };
  return { ...state, nodes: { ...state.nodes, [id]: node } };
}

function withRun(state: LiveState, runId: string, change: Partial<LiveRun>): LiveState {
  return state.run.runId === runId ? { ...state, run: { ...state.run, ...change } } : state;
}

function withRender(state: LiveState, promptId: string, fraction: number | null): LiveState {
  if (state.run.runId === promptId) return state;
  return { ...state, renders: { ...state.renders, [promptId]: { fraction } } };
}

/** What a run leaves on its nodes when it ends: errors stay, everything unfinished returns to idle. */
function settle(nodes: LiveState["nodes"]): LiveState["nodes"] {
  return Object.fromEntries(
    Object.entries(nodes).map(([id, node]) => {
      const unfinished = node.status === "running" || node.status === "queued";
      return [id, unfinished ? { ...node, status: "idle" as const } : node];
    }),
  );
}

const STATUS_OF_PROGRESS = { pending: "queued", running: "running", finished: "done", error: "error" } as const;

/** The node after a report. Counts without a known total are left out: a live node would change six times a second for nothing. */
function progressed(node: NodeState, { value, max, state }: NodeProgress): NodeState {
  const status = STATUS_OF_PROGRESS[state];
  const [done, total] = max > 0 ? [value, max] : [0, null];
  const same = node.status === status && node.done === done && node.total === total;
  return same ? node : { ...node, status, done, total };
}

function applyProgress(state: LiveState, promptId: string, nodes: Record<string, NodeProgress>): LiveState {
  const fractions = Object.values(nodes)
    .filter((node) => node.max > 1)
    .map((node) => node.value / node.max);
  const next = fractions.length > 0 ? withRender(state, promptId, Math.max(...fractions)) : state;
  if (!shown(state, promptId)) return next;
  const before = (id: string) => state.nodes[id] ?? IDLE_NODE;
  const changed = Object.entries(nodes)
    .map(([id, report]) => [id, progressed(before(id), report)] as const)
    .filter(([id, node]) => node !== before(id));
  return changed.length === 0 ? next : { ...next, nodes: { ...state.nodes, ...Object.fromEntries(changed) } };
}

function applyFinished(state: LiveState, runId: string, ok: boolean, error: ErrorBody | null): LiveState {
  if (state.run.runId !== runId) return shown(state, runId) ? { ...state, nodes: settle(state.nodes) } : state;
  const status: RunStatus = ok ? "finished" : "failed";
  const failure = error ?? state.run.error;
  const next = withRun(state, runId, { status, error: ok ? null : failure });
  const settled = { ...next, nodes: settle(state.nodes), values: {} };
  return failure?.node && !ok ? withNode(settled, failure.node, { status: "error", error: failure }) : settled;
}

function changeReceipt(state: LiveState, id: string, change: Partial<Receipt>): LiveState {
  if (!state.receipts.some((receipt) => receipt.id === id)) return state;
  const receipts = state.receipts.map((receipt) => (receipt.id === id ? { ...receipt, ...change } : receipt));
  return { ...state, receipts };
}

/** A control left the browser. */
export function controlSent(state: LiveState, receipt: Omit<Receipt, "received" | "tick">): LiveState {
  return {
    ...state,
    receipts: [...state.receipts, { ...receipt, received: false, tick: null }].slice(-KEPT_RECEIPTS),
    values: { ...state.values, [controlKey(receipt.node, receipt.input)]: receipt.value },
  };
}

function startRun(state: LiveState, runId: string, name: string): LiveState {
  const { workflow, from } = state.run;
  const run: LiveRun = { ...IDLE_RUN, status: "running", runId, name: name || state.run.name, workflow, from };
  return {
    ...state,
    run,
    pulse: NO_PULSE,
    nodes: {},
    receipts: [],
    values: {},
    latency: null,
    stages: null,
    drawnFps: 0,
    leadMs: 0,
    screens: [],
  };
}

/** The state after one message from the server. */
export function reduce(state: LiveState, { type, data }: ServerMessage): LiveState {
  switch (type) {
    case "status":
      return { ...state, queueRemaining: data.status.exec_info.queue_remaining };
    case "queue_changed":
      return { ...state, queueVersion: state.queueVersion + 1 };
    case "run_started":
      return data.live && state.run.status === "starting" ? startRun(state, data.run_id, data.name) : state;
    case "execution_start":
      return isActive(state.run) ? state : { ...state, nodes: {} };
    case "execution_cached": {
      if (!shown(state, data.prompt_id)) return state;
      const cached = Object.fromEntries(data.nodes.map((id) => [id, { ...IDLE_NODE, status: "cached" as const }]));
      return { ...state, nodes: { ...state.nodes, ...cached } };
    }
    case "executing":
      if (data.node === null || !shown(state, data.prompt_id)) return state;
      return withNode(state, data.node, { status: "running" });
    case "progress_state":
      return applyProgress(state, data.prompt_id, data.nodes);
    case "executed":
      return shown(state, data.prompt_id) ? withNode(state, data.node, { status: "done" }) : state;
    case "execution_error": {
      if (!shown(state, data.prompt_id)) return state;
      const failed = withRun(state, data.prompt_id, { error: data.error });
      return data.node_id ? withNode(failed, data.node_id, { status: "error", error: data.error }) : failed;
    }
    case "execution_success":
    case "execution_interrupted":
      return applyFinished(state, data.prompt_id, true, null);
    case "run_finished":
      return applyFinished(state, data.run_id, data.status !== "failed", data.error ?? null);
    case "live_tick": {
      const { run_id, ...pulse } = data;
      return state.run.runId === run_id ? { ...state, pulse } : state;
    }
    case "control_received":
      return changeReceipt(state, data.id, { received: true });
    case "control_applied":
      return changeReceipt(state, data.id, { received: true, tick: data.tick });
    case "latency":
      return state.run.runId === data.run_id ? { ...state, stages: data } : state;
    case "take_started":
      return withRun(state, data.run_id, { takeId: data.take_id });
    default:
      return state;
  }
}

/** The state after a run was asked for: a new one, or one that goes on from a tick of a take. */
export function runRequested(
  state: LiveState,
  workflow: WorkflowDocument | null,
  from: Origin | null = null,
): LiveState {
  const name = workflow?.name ?? state.run.name;
  return { ...state, foreign: false, run: { ...IDLE_RUN, status: "starting", name, workflow, from } };
}

/** The state after the running graph was exchanged for another one. */
export function graphApplied(state: LiveState, workflow: WorkflowDocument): LiveState {
  return { ...state, run: { ...state.run, workflow } };
}

/** The state after the server accepted a run; its `run_started` may have come first. */
export function runAccepted(state: LiveState, runId: string, name: string): LiveState {
  return state.run.runId === runId ? state : startRun(state, runId, name);
}

/** The state after the server refused to start a run. */
export function runRefused(state: LiveState, error: ErrorBody): LiveState {
  return { ...state, run: { ...IDLE_RUN, status: "failed", error } };
}

/** The state after the connection came back and the run was gone. */
export function runLost(state: LiveState, error: ErrorBody): LiveState {
  return state.run.runId === null ? state : applyFinished(state, state.run.runId, false, error);
}
