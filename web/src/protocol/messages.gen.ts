// Written by `python -m nodegraph.server.typescript --write` from nodegraph/server/messages.py and payloads.py.
// Do not edit: change the Python and write it again.

/** What was wrong, what was got and expected, and what to do; `code` is a key of `nodegraph.errors.CODES`. */
export interface ErrorBody {
  code: string;
  message: string;
  got?: string;
  expected?: string;
  remedy?: string;
  node?: string;
  port?: string;
}

/** Body of every refused request under /api/; `problems` where a workflow was refused. */
export interface ErrorAnswer {
  error: ErrorBody;
  problems?: ErrorBody[];
}

/** One node: `inputs` holds the literal values, wires are edges. */
export interface WorkflowNode {
  id: string;
  type: string;
  version: number;
  inputs: Record<string, unknown>;
  pos: [number, number];
  size?: [number, number];
  title?: string;
  mode?: "active" | "muted" | "bypassed";
  collapsed?: boolean;
  pinned?: boolean;
  color?: string;
}

export interface WorkflowEdge {
  from: [string, string];
  to: [string, string];
}

/** `bounds` is x, y, width, height. */
export interface WorkflowGroup {
  id: string;
  title: string;
  bounds: [number, number, number, number];
  collapsed?: boolean;
  color?: string;
}

/** Where the canvas stands. */
export interface WorkflowView {
  x: number;
  y: number;
  zoom: number;
}

/** `ticks` null: a live run goes on until it is stopped, a render makes 48 ticks (8 s). */
export interface WorkflowRun {
  mode: "live" | "render";
  ticks: number | null;
}

/** An exposed input; it stands for one or more [node id, input name] inside. */
export interface WorkflowSubgraphInput {
  name: string;
  to: [string, string][];
}

export interface WorkflowSubgraphOutput {
  name: string;
  from: [string, string];
}

/** What nodes of type "subgraph:<id>" are instances of. */
export interface WorkflowSubgraph {
  id: string;
  name: string;
  description?: string;
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  groups?: WorkflowGroup[];
  inputs: WorkflowSubgraphInput[];
  outputs: WorkflowSubgraphOutput[];
}

/** The saved graph. An edge goes from [node id, output name] to [node id, input name]. */
export interface Workflow {
  schema: 2;
  id: string;
  name: string;
  description?: string;
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  groups?: WorkflowGroup[];
  subgraphs?: WorkflowSubgraph[];
  view?: WorkflowView;
  run?: WorkflowRun;
  meta?: Record<string, unknown>;
}

/** `bind` names the stage control that drives it. */
export interface NumberWidget {
  kind: "number";
  integer: boolean;
  ge: number | null;
  le: number | null;
  step: number | null;
  unit: string | null;
  bind: string | null;
}

/** A text field. */
export interface TextWidget {
  kind: "text";
  multiline: boolean;
  placeholder: string;
  bind: string | null;
}

/** One of `options`. */
export interface ChoiceWidget {
  kind: "choice";
  options: string[];
  bind: string | null;
}

/** A switch. */
export interface ToggleWidget {
  kind: "toggle";
  bind: string | null;
}

/** A whole number with a button for a new one. */
export interface SeedWidget {
  kind: "seed";
}

/** An uploaded file of one kind. */
export interface FileWidget {
  kind: "file";
  accept: "image" | "pose" | "video";
}

/** `schema` names an editor for the value, such as "camera_keyframes". */
export interface JsonWidget {
  kind: "json";
  schema: string;
  bind: string | null;
}

export type Widget =
  | NumberWidget
  | TextWidget
  | ChoiceWidget
  | ToggleWidget
  | SeedWidget
  | FileWidget
  | JsonWidget;

/** One input; `mode` fixed holds for a run, live may change at every tick; `hidden` ones are for programs. */
export interface InputSchema {
  name: string;
  type: string;
  mode: "fixed" | "live" | "stream";
  required: boolean;
  default: unknown;
  doc: string;
  widget: NumberWidget | TextWidget | ChoiceWidget | ToggleWidget | SeedWidget | FileWidget | JsonWidget | null;
  hidden: boolean;
}

/** One output; `stream` gives one item a tick. */
export interface OutputSchema {
  name: string;
  type: string;
  stream: boolean;
}

/** One installed node type. Type "*" fits every type; INT fits FLOAT. */
export interface NodeSchema {
  id: string;
  version: number;
  name: string;
  category: string;
  description: string;
  kind: "value" | "stream" | "stateful";
  output_node: boolean;
  pack: string;
  inputs: InputSchema[];
  outputs: OutputSchema[];
}

/** GET /api/nodes */
export interface NodesAnswer {
  nodes: NodeSchema[];
}

/** GET /api/status. `torch` tells whether a run would start at once. */
export interface ServerStatus {
  version: string;
  protocol: number;
  torch: "loading" | "ready" | "failed";
  device: string | null;
  presets: string[];
}

/** A workflow to start from; addresses of its picture, still and moving, where they were made. */
export interface Template {
  id: string;
  name: string;
  description: string;
  document: Workflow;
  thumbnail?: string;
  moving?: string;
}

/** GET /api/templates */
export interface TemplatesAnswer {
  templates: Template[];
}

/** `updated_at` is epoch milliseconds, as are all times here. */
export interface WorkflowEntry {
  id: string;
  name: string;
  updated_at: number;
}

/** GET /api/workflows, newest first. */
export interface WorkflowsAnswer {
  workflows: WorkflowEntry[];
}

/** GET and PUT /api/workflows/{id}. The body of PUT is `{"document": ...}`. */
export interface SavedWorkflow {
  id: string;
  name: string;
  updated_at: number;
  document: Workflow;
}

/** POST /api/validate, and the answer of POST /api/open. */
export interface WorkflowBody {
  workflow: Workflow;
}

/** POST /api/validate */
export interface ProblemsAnswer {
  problems: ErrorBody[];
}

/** POST /api/runs starts a live run; the client watches it. `record` false leaves no take. */
export interface RunRequestBody {
  workflow: Workflow;
  client_id?: string;
  seed?: number;
  ticks?: number;
  record?: boolean;
}

/** POST /api/runs; `take_id` where the run is recorded. */
export interface RunAnswer {
  run_id: string;
  take_id?: string;
}

/** Milliseconds. */
export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** One live run; `tick` is the last one finished; `latency` by stage, as in the message, once somebody steers. */
export interface RunEntry {
  run_id: string;
  status: "running" | "succeeded" | "failed" | "cancelled";
  tick: number;
  name: string;
  take_id?: string;
  latency?: Record<string, Percentiles>;
}

/** GET /api/runs: live runs only. */
export interface RunsAnswer {
  runs: RunEntry[];
}

/** POST /api/queue renders a workflow to files, `count` times with rising seeds. */
export interface QueueRequestBody {
  workflow: Workflow;
  client_id?: string;
  count?: number;
  seed?: number;
  ticks?: number;
}

/** POST /api/queue; `number` is the place of the first. */
export interface QueueAnswer {
  prompt_ids: string[];
  number: number;
}

/** A file as /view takes it. */
export interface FileRef {
  filename: string;
  subfolder: string;
  type: "output" | "input" | "temp";
}

/** `url` is ready to use as the source of an image or a video. */
export interface JobOutput {
  filename: string;
  subfolder: string;
  type: "output" | "input" | "temp";
  media_type: string;
  url: string;
}

/** One render. Times are epoch milliseconds. */
export interface Job {
  prompt_id: string;
  name: string;
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  outputs: JobOutput[];
  error?: ErrorBody;
  workflow?: Workflow;
}

/** GET /api/jobs?limit&search, newest first. */
export interface JobsAnswer {
  jobs: Job[];
}

/** POST /upload/image and /api/upload: `name` (with `subfolder/` before it) is the value of a file widget. */
export interface UploadAnswer {
  name: string;
  subfolder: string;
  type: "input";
}

/** An uploaded file; `value` is what a file widget stores. */
export interface AssetEntry {
  value: string;
  kind: "image" | "pose" | "video";
  created_at: number;
  url: string;
}

/** GET /api/assets?kind=, newest first. */
export interface AssetsAnswer {
  assets: AssetEntry[];
}

/**
 * One recorded run. `ticks` counts committed ticks, `bytes` what it holds on the disk; `run_id` while it is live.
 *
 * `parent` and `parent_tick` say which take it branched from, and before which tick; `root` is the first of its tree.
 * `approximate`: it, or one it comes from, goes on from a state rebuilt from latents. `pinned` ones are never thinned;
 * `thinned` says what was deleted to stay within the disk's share.
 */
export interface TakeEntry {
  take_id: string;
  root: string;
  parent: string | null;
  parent_tick: number | null;
  name: string;
  created: number;
  ticks: number;
  status: "live" | "done" | "torn";
  workflow_name: string;
  seed: number | null;
  thumb: string | null;
  bytes: number;
  run_id?: string;
  approximate?: boolean;
  pinned?: boolean;
  thinned?: ("film" | "latents")[];
}

/** Bytes that all takes hold together, that they may hold, and that are free on their disk. */
export interface TakesDisk {
  bytes: number;
  cap: number;
  free: number;
}

/** GET /api/takes?root=, newest first. */
export interface TakesAnswer {
  takes: TakeEntry[];
  disk?: TakesDisk;
}

/** A control as it was logged; `tick` is the first one made with the value. */
export interface TakeControl {
  tick: number;
  id: string;
  node: string;
  input: string;
  value: unknown;
}

/** A change of the graph that took effect before `tick`. */
export interface TakeEdit {
  tick: number;
  id: string;
  kind: "hot" | "warm" | "cold";
  changes: string[];
}

/** A moment that somebody, or the recorder, has named. */
export interface TakeMarker {
  tick: number;
  name: string;
}

/** An uploaded file that a take was made with from `tick` on, and keeps. */
export interface TakeFile {
  value: string;
  sha256: string;
  bytes: number;
  tick: number;
}

/**
 * What is kept of a take: `exact` are the ticks with a snapshot in memory, the others first and last on the disk.
 *
 * Snapshots are those of a run at work or just ended; they never go to the disk.
 */
export interface TakeHeld {
  exact: number[];
  latents: [number, number] | null;
  video: [number, number] | null;
}

/** Statistics of one tick. Latents in their own unit; `luma`, `saturation`, `motion` and `first_distance` 0 to 1. */
export interface TickStats {
  latent_mean?: number;
  latent_std?: number;
  luma?: number;
  saturation?: number;
  sharpness?: number;
  motion?: number;
  first_distance?: number;
}

/**
 * Statistics of all ticks from `first_tick` on, one array each; null where a tick has none.
 *
 * `levels` are the lowest and highest values without alarm, learnt from the first minute; empty before.
 */
export interface TakeStats {
  first_tick: number;
  values: Record<string, (number | null)[]>;
  levels: Record<string, [number, number]>;
}

/** The weights a take was made with. */
export interface TakeModel {
  preset: string;
  sha256: string;
}

/** Committed ticks: `first` is above 0 where the beginning is missing; `ms` is the median of the step. */
export interface TakeTicks {
  first: number;
  last: number;
  count: number;
  ms: number | null;
}

/** What a kill or a full disk took: bytes cut off the journal, and why. */
export interface TakeTorn {
  bytes: number;
  reason: string;
}

/** GET /api/takes/{take_id}; `approximate_from`: the first tick that cannot be made again exactly, if any. */
export interface TakeAnswer {
  take_id: string;
  root: string;
  parent: string | null;
  parent_tick: number | null;
  name: string;
  created: number;
  ticks: number;
  status: "live" | "done" | "torn";
  workflow_name: string;
  seed: number | null;
  thumb: string | null;
  bytes: number;
  run_id?: string;
  approximate?: boolean;
  pinned?: boolean;
  thinned?: ("film" | "latents")[];
  document: Workflow;
  model: TakeModel | null;
  device: string;
  size: [number, number] | null;
  versions: Record<string, string>;
  summary: TakeTicks;
  controls: TakeControl[];
  edits: TakeEdit[];
  markers: TakeMarker[];
  held: TakeHeld;
  stats: TakeStats;
  exact: boolean;
  approximate_from?: number;
  torn: TakeTorn | null;
  files?: TakeFile[];
}

/** PATCH /api/takes/{take_id}: what is absent stays as it was. */
export interface TakeChangesBody {
  name?: string;
  pinned?: boolean;
}

/**
 * POST /api/takes/{take_id}/branch: a new live run that goes on before `tick`.
 *
 * `controls` replaces the log up to there; controls at or after `tick` are refused. `restore`: "exact" goes on from a
 * snapshot or by making the ticks again, "latents" from a cache rebuilt from the recorded latents, which is
 * approximate. Without it the exact way is taken unless the model or the machine is another one than then.
 */
export interface BranchBody {
  tick: number;
  client_id?: string;
  document?: Workflow;
  controls?: TakeControl[];
  seed?: number;
  restore?: "exact" | "latents";
}

/**
 * Answer of branch, rewind and reanchor. `exact` false: the state was rebuilt from latents, so frames differ.
 *
 * `caught_up_ticks` were replayed, as fast as possible, from the nearest snapshot. `restored` says where the state
 * came from: a snapshot, the ticks made again from the first on, or, which is approximate, latents, for `reason`.
 */
export interface BranchAnswer {
  run_id: string;
  take_id: string;
  exact: boolean;
  caught_up_ticks: number;
  restored?: "snapshot" | "replay" | "latents";
  reason?: string;
}

/** POST /api/direct: what was said while the prompt `before` held. */
export interface DirectBody {
  before: string;
  said: string;
}

/** The prompt from then on; `before` itself where nothing was understood or nothing changes. */
export interface DirectAnswer {
  text: string;
}

/** POST /api/live/{run_id}/rewind: it goes on before `tick` as a branch of its own take; the old run ends. */
export interface RewindBody {
  tick: number;
  client_id?: string;
}

/** POST /api/live/{run_id}/edit: with `dry_run` nothing changes. */
export interface EditBody {
  document: Workflow;
  dry_run?: boolean;
  id?: string;
}

/** How a graph edit goes: cold is not applied, it needs a new run. `tick` null after a dry run or for cold. */
export interface EditAnswer {
  id: string;
  kind: "hot" | "warm" | "cold";
  tick: number | null;
  changes: string[];
}

/**
 * POST /api/live/{run_id}/reanchor: "first" goes on from the first frame, "last_good" from before the alarm.
 *
 * `tick` names the good moment where the recorder's own guess is not wanted.
 */
export interface ReanchorBody {
  mode: "first" | "last_good";
  tick?: number;
  client_id?: string;
}

/** Replacements for a re-render; `format` and `crf` as in Save video, `width` and `height` in pixels, together. */
export interface RenderSettings {
  preset?: string;
  width?: number;
  height?: number;
  format?: string;
  crf?: number;
  stitch?: boolean;
  seed?: number;
  ticks?: number;
}

/** POST /api/takes/{take_id}/render queues a render of the take with its controls and edits. */
export interface TakeRenderBody {
  settings?: RenderSettings;
  name?: string;
  client_id?: string;
}

/** `warnings` say why frames will differ; empty where they will be the same. */
export interface TakeRenderAnswer {
  prompt_id: string;
  warnings: string[];
}

/** A subgraph kept under a name: it comes first, then those that it holds instances of. */
export interface Blueprint {
  name: string;
  subgraphs: WorkflowSubgraph[];
}

/** GET /api/blueprints, by name. The inside of a subgraph is as it was sent: who reads it checks it. */
export interface BlueprintsAnswer {
  blueprints: Blueprint[];
}

/** PUT /api/blueprints/{name}; the answer is the `Blueprint`. */
export interface BlueprintBody {
  subgraphs: WorkflowSubgraph[];
}

/** A motion that the character knows by itself; `length_s` is one round. */
export interface MotionEntry {
  name: string;
  length_s: number;
}

/** GET /api/motions */
export interface MotionsAnswer {
  motions: MotionEntry[];
}

/** POST /api/motions/{name}: what a node's pose clip input is given. */
export interface MotionAnswer {
  value: string;
}

export const PROTOCOL = 1;

export const MAX_UNACKED_FRAMES = 12;

/** `queue_remaining` counts queued and running jobs. */
export interface ExecInfo {
  queue_remaining: number;
}

/** What `status` reports. */
export interface ExecStatus {
  exec_info: ExecInfo;
}

/** `sid` and `protocol` are in the first message of a socket only. */
export interface StatusData {
  status: ExecStatus;
  sid?: string;
  protocol?: number;
}

/** First message of every socket, and again whenever the queue grows or shrinks. */
export interface Status {
  type: "status";
  data: StatusData;
}

/** What this server can do; sizes in bytes. */
export interface ServerFeatures {
  supports_preview_metadata: boolean;
  max_upload_size: number;
}

/** Answer to a client's `feature_flags`. */
export interface ServerFeatureFlags {
  type: "feature_flags";
  data: ServerFeatures;
}

/** `timestamp` is epoch milliseconds, here and below. */
export interface ExecutionStartData {
  prompt_id: string;
  timestamp: number;
}

/** A run began. */
export interface ExecutionStart {
  type: "execution_start";
  data: ExecutionStartData;
}

/** The nodes that need not run. */
export interface ExecutionCachedData {
  prompt_id: string;
  nodes: string[];
  timestamp: number;
}

/** Nodes whose results were taken from the cache. */
export interface ExecutionCached {
  type: "execution_cached";
  data: ExecutionCachedData;
}

/** `node` null means that the run ended and its history is written. */
export interface ExecutingData {
  node: string | null;
  display_node?: string;
  prompt_id: string;
}

/** The node that works now. */
export interface Executing {
  type: "executing";
  data: ExecutingData;
}

/** Progress of one node; `max` is 0 while the total is unknown. */
export interface NodeState {
  value: number;
  max: number;
  state: "pending" | "running" | "finished" | "error";
  node_id: string;
  display_node_id: string;
  prompt_id: string;
}

/** Changed nodes by id. */
export interface ProgressStateData {
  prompt_id: string;
  nodes: Record<string, NodeState>;
}

/** Only the nodes that changed since the last one; at most ten a second. */
export interface ProgressState {
  type: "progress_state";
  data: ProgressStateData;
}

/** `value` of `max` steps of `node`. */
export interface ProgressData {
  value: number;
  max: number;
  prompt_id: string;
  node: string;
}

/** The node that moved last, for clients that draw one bar. */
export interface Progress {
  type: "progress";
  data: ProgressData;
}

/** `animated` tells videos among the `images`, item by item. */
export interface NodeOutput {
  images: FileRef[];
  animated?: boolean[];
}

/** Results of one output node. */
export interface ExecutedData {
  node: string;
  display_node: string;
  output: NodeOutput;
  prompt_id: string;
}

/** An output node has results to show. */
export interface Executed {
  type: "executed";
  data: ExecutedData;
}

/** A run ended well. */
export interface ExecutionSuccess {
  type: "execution_success";
  data: ExecutionStartData;
}

/** `error` says what to do; `traceback` is always empty: it stays in the server's log. */
export interface ExecutionErrorData {
  prompt_id: string;
  timestamp: number;
  node_id: string | null;
  node_type: string | null;
  executed: string[];
  exception_message: string;
  exception_type: string;
  traceback: string[];
  current_inputs: Record<string, unknown>;
  current_outputs: string[];
  error: ErrorBody;
}

/** A run ended because a node failed. */
export interface ExecutionError {
  type: "execution_error";
  data: ExecutionErrorData;
}

/** The node that was at work when the run was stopped. */
export interface ExecutionInterruptedData {
  prompt_id: string;
  timestamp: number;
  node_id: string | null;
  node_type: string | null;
  executed: string[];
}

/** A run was stopped on request. */
export interface ExecutionInterrupted {
  type: "execution_interrupted";
  data: ExecutionInterruptedData;
}

/** `id` is the one the client gave. */
export interface ControlReceivedData {
  run_id: string;
  id: string;
}

/** First receipt: the control is stamped with a tick and logged. */
export interface ControlReceived {
  type: "control_received";
  data: ControlReceivedData;
}

/** `id` is the one the client gave. */
export interface ControlAppliedData {
  run_id: string;
  id: string;
  tick: number;
}

/** Second receipt: `tick` is the first one that was made with the new value. */
export interface ControlApplied {
  type: "control_applied";
  data: ControlAppliedData;
}

/** Milliseconds of one tick, by stage. */
export interface Timings {
  step?: number;
  decode?: number;
  encode?: number;
}

/** `fps` counts generated video frames a second over the last two seconds; `viewers` counts watching clients. */
export interface LiveTickData {
  run_id: string;
  tick: number;
  fps: number;
  timings: Timings;
  viewers: number;
}

/** Pulse of a live run, at most six a second; a newer one replaces one that was not sent yet. */
export interface LiveTick {
  type: "live_tick";
  data: LiveTickData;
}

/** `live` tells a steered run from a render. */
export interface RunStartedData {
  run_id: string;
  name: string;
  live: boolean;
}

/** A run that this client watches exists; also the answer to `watch`. */
export interface RunStarted {
  type: "run_started";
  data: RunStartedData;
}

/** `error` where the status is failed. */
export interface RunFinishedData {
  run_id: string;
  status: "succeeded" | "failed" | "cancelled";
  error?: ErrorBody;
}

/** Last message of a run. */
export interface RunFinished {
  type: "run_finished";
  data: RunFinishedData;
}

/** The list of jobs is different; ask /api/jobs again. */
export interface QueueChanged {
  type: "queue_changed";
  data: Record<string, string>;
}

/** `tick` is the first tick that is new; `parent` is the take it branched from. */
export interface TakeStartedData {
  run_id: string;
  take_id: string;
  parent: string | null;
  tick: number;
}

/** A run is being recorded. */
export interface TakeStarted {
  type: "take_started";
  data: TakeStartedData;
}

/** `tick` is the last one that is safe. */
export interface TakeStoppedData {
  run_id: string;
  take_id: string;
  tick: number;
  error: ErrorBody;
}

/** Recording stopped before the run's end, for example because the disk is full. The stream goes on. */
export interface TakeStopped {
  type: "take_stopped";
  data: TakeStoppedData;
}

/** A statistic has left the range `low` to `high` that the first minute taught. */
export interface Alarm {
  stat: string;
  value: number;
  low: number;
  high: number;
}

/** Statistics of one committed tick. */
export interface TakeTickData {
  run_id: string;
  tick: number;
  stats: TickStats;
  alarm: Alarm | null;
}

/** The drift strip's news: at most six a second; a newer one replaces one that was not sent yet. */
export interface TakeTick {
  type: "take_tick";
  data: TakeTickData;
}

/** `gap_ms` is how much longer than usual the frames before and after the swap lay apart. */
export interface EditAppliedData {
  run_id: string;
  id: string;
  kind: "hot" | "warm" | "cold";
  tick: number;
  gap_ms: number;
}

/** The graph runs as edited from `tick` on. */
export interface EditApplied {
  type: "edit_applied";
  data: EditAppliedData;
}

/** `error` names the node where one is to blame. */
export interface EditRolledBackData {
  run_id: string;
  id: string;
  tick: number;
  error: ErrorBody;
}

/** The edited graph failed at its first tick; the one before it goes on. */
export interface EditRolledBack {
  type: "edit_rolled_back";
  data: EditRolledBackData;
}

/** All ticks with an exact snapshot in memory, and what they take together. */
export interface StateHeldData {
  run_id: string;
  ticks: number[];
  bytes: number;
}

/** The set of snapshots has changed. */
export interface StateHeld {
  type: "state_held";
  data: StateHeldData;
}

/**
 * Milliseconds from one stamp to the next, over the last minute.
 *
 * A control's way: `received` (since it was sent), `applied`, `generated`, `decoded`, `encoded`, `sent`, `drawn`;
 * `total` from sent to drawn. `count` is the number of controls in it.
 */
export interface LatencyData {
  run_id: string;
  stages: Record<string, Percentiles>;
  count: number;
}

/** Where the time goes, once a second while somebody steers. */
export interface Latency {
  type: "latency";
  data: LatencyData;
}

/** The channel between two nodes: on average `fill` (0 to 1) of its `capacity` in ticks was taken. */
export interface WireFill {
  source: string;
  target: string;
  capacity: number;
  fill: number;
}

/** `nodes` gives each running node's milliseconds a tick, the median of its last 24 ticks. */
export interface ProfileData {
  run_id: string;
  nodes: Record<string, number>;
  wires: WireFill[];
}

/** Where a run's time goes, twice a second; a newer one replaces one that was not sent yet. */
export interface Profile {
  type: "profile";
  data: ProfileData;
}

/** `takes` lost their films or latents, oldest first; `freed` bytes, so that all takes together fit into `cap`. */
export interface TakesThinnedData {
  takes: string[];
  freed: number;
  cap: number;
}

/** Takes held more of the disk than they may: the films and latents of the oldest unpinned ones were deleted. */
export interface TakesThinned {
  type: "takes_thinned";
  data: TakesThinnedData;
}

/** `t_client` as it came; `t_server` is the server's clock when it answered. Both epoch milliseconds. */
export interface PongData {
  t_client: number;
  t_server: number;
}

/** Answer to `ping`: offset = t_server - (t_client + now) / 2, best where the round trip was shortest. */
export interface Pong {
  type: "pong";
  data: PongData;
}

/** `reply_to` is the `id` of the refused message, where it had one. */
export interface ErrorData {
  error: ErrorBody;
  reply_to?: string;
}

/** A message of this client was refused; or, to all who watch, something is wrong with a run that goes on. */
export interface ErrorMessage {
  type: "error";
  data: ErrorData;
}

export type ServerMessage =
  | Status
  | ServerFeatureFlags
  | ExecutionStart
  | ExecutionCached
  | Executing
  | ProgressState
  | Progress
  | Executed
  | ExecutionSuccess
  | ExecutionError
  | ExecutionInterrupted
  | ControlReceived
  | ControlApplied
  | LiveTick
  | RunStarted
  | RunFinished
  | QueueChanged
  | TakeStarted
  | TakeStopped
  | TakeTick
  | EditApplied
  | EditRolledBack
  | StateHeld
  | Latency
  | Profile
  | TakesThinned
  | Pong
  | ErrorMessage;

/** What the client understands. */
export interface ClientFeatures {
  supports_preview_metadata: boolean;
}

/** Must be a client's first message if it wants frames with metadata. */
export interface ClientFeatureFlags {
  type: "feature_flags";
  data: ClientFeatures;
}

/** `id` is the client's own; both receipts carry it. `t_sent`: when, on the server's clock as `pong` tells it. */
export interface ControlData {
  run_id: string;
  id: string;
  node: string;
  input: string;
  value: unknown;
  t_sent?: number;
}

/** Change a value of a run. */
export interface ControlMessage {
  type: "control";
  data: ControlData;
}

/** Every frame up to `seq` was drawn or thrown away. `t_drawn`: when `seq` was drawn, on the server's clock. */
export interface AckData {
  run_id: string;
  node_id: string;
  seq: number;
  t_drawn?: number;
}

/** Send it after the frame was drawn: it opens the way for newer ones. */
export interface Ack {
  type: "ack";
  data: AckData;
}

/** The run to follow. */
export interface WatchData {
  run_id: string;
}

/** Send me the messages and frames of this run. */
export interface Watch {
  type: "watch";
  data: WatchData;
}

/** Send me no more of this run. */
export interface Unwatch {
  type: "unwatch";
  data: WatchData;
}

/** The client's clock, epoch milliseconds. */
export interface PingData {
  t_client: number;
}

/** Ask for the server's clock; send a few at the start and one a minute. */
export interface Ping {
  type: "ping";
  data: PingData;
}

export type ClientMessage =
  | ClientFeatureFlags
  | ControlMessage
  | Ack
  | Watch
  | Unwatch
  | Ping;

/**
 * JSON part of a binary frame: `u32 4 | u32 length | JSON | image`, big-endian.
 *
 * One message per video frame: `index` of `count` in its `tick`. `seq` rises by one per frame of a node's preview,
 * with gaps where frames were dropped for this client. The `t_` times are the server's clock, epoch milliseconds:
 * the tick's latent was there (`t_generated`), its frames were (`t_decoded`), it was encoded, it was packed.
 */
export interface FrameHeader {
  node_id: string;
  prompt_id: string;
  run_id: string;
  image_type: string;
  tick: number;
  index: number;
  count: number;
  seq: number;
  width: number;
  height: number;
  fps: number;
  t_generated: number;
  t_decoded?: number;
  t_encoded: number;
  t_sent: number;
}
