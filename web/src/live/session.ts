/** Joins the parts: socket messages go into the store, frames onto the screens, controls out with a receipt. */
import { controlTargets } from "../graph/subgraph_ports";
import { toast } from "../lib/toast";
import type { ServerMessage } from "../protocol/messages.gen";
import { besideKey, besideStore, forgetBeside } from "./beside";
import { createLimiter } from "./control/limiter";
import { createLatencyMeter } from "./latency";
import { createDrawRate } from "./playback/draw_rate";
import { createScreens, type Screens } from "./playback/screens";
import { randomId } from "./random_id";
import { controlKey, controlSent, IDLE_RUN, isActive, reduce } from "./state";
import { liveStore } from "./store";
import type { Frame, FrameMeta } from "./transport/frames";
import { createServerClock } from "./transport/clock";
import { createSocket, type LiveSocket } from "./transport/socket";

const CONTROL_INTERVAL_MS = 1000 / 30;
const STATS_INTERVAL_MS = 500;

const meter = createLatencyMeter();
const drawRate = createDrawRate();
let socket: LiveSocket | null = null;
let screens: Screens | null = null;
let statsMs = 0;

const limiter = createLimiter({ intervalMs: CONTROL_INTERVAL_MS, send: transmit });
const clock = createServerClock((data) => void socket?.send({ type: "ping", data }));
const listeners = new Set<(message: ServerMessage) => void>();

/** Be told of every message of the server until the returned function is called. */
export function onMessage(listener: (message: ServerMessage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

interface ControlName {
  readonly node: string;
  readonly input: string;
}

const epochMs = (localMs: number) => performance.timeOrigin + localMs;

/** A control of a subgraph goes to the nodes inside it; the first one's receipts stand for all. */
function transmit(key: string, value: unknown): void {
  const [node = "", input = ""] = key.split("\u0000");
  const [first = [node, input], ...others] = controlTargets(node, input);
  transmitTo(first, value, { node, input });
  for (const end of others) transmitTo(end, value, null);
}

function transmitTo([node, input]: readonly [string, string], value: unknown, shown: ControlName | null): void {
  const { run } = liveStore.getState();
  const { runId: beside, steered } = besideStore.getState();
  if (run.runId === null || run.status !== "running") return;
  if (beside !== null && steered !== "a") {
    socket?.send({ type: "control", data: { run_id: beside, id: randomId(), node, input, value } });
  }
  if (beside !== null && steered === "b") return;
  const id = randomId();
  const sentMs = clock.toServer(epochMs(performance.now()));
  const stamp = sentMs === undefined ? {} : { t_sent: sentMs };
  const message = { type: "control" as const, data: { run_id: run.runId, id, node, input, value, ...stamp } };
  if (!socket?.send(message) || shown === null) return;
  meter.sent(id, performance.now());
  liveStore.setState((state) => controlSent(state, { id, ...shown, value }));
}

/** Change a Live input of the running workflow. At most 30 messages a second and input leave; the last value always does. */
export function steer(nodeId: string, input: string, value: unknown): void {
  if (liveStore.getState().run.status === "running") limiter.set(controlKey(nodeId, input), value);
}

/** As `steer`, for the nodes on the canvas: nothing happens when no run is live or another workflow's is. */
export function sendControl(nodeId: string, input: string, value: unknown): void {
  if (!liveStore.getState().foreign) steer(nodeId, input, value);
}

/** Whether a frame belongs to what the page shows: the live run, or any render while none is live. */
function wanted({ run_id }: FrameMeta): boolean {
  const { run } = liveStore.getState();
  return !isActive(run) || run.runId === run_id;
}

function receiveFrame(frame: Frame): void {
  const { meta } = frame;
  if (meta.run_id === besideStore.getState().runId) {
    screens?.receive(frame, besideKey(meta.node_id));
    return;
  }
  if (!wanted(meta)) return;
  meter.arrived(meta, performance.now());
  const { screens: known } = liveStore.getState();
  if (!known.includes(meta.node_id)) liveStore.setState({ screens: [...known, meta.node_id] });
  screens?.receive(frame);
}

function frameDrawn(meta: FrameMeta, nowMs: number): void {
  if (meta.run_id === besideStore.getState().runId) return;
  drawRate.count(meta.node_id, nowMs);
  meter.drawn(meta, nowMs);
  const { run } = liveStore.getState();
  if (!run.hasFrames && run.runId === meta.run_id) liveStore.setState({ run: { ...run, hasFrames: true } });
  if (nowMs - statsMs < STATS_INTERVAL_MS) return;
  statsMs = nowMs;
  liveStore.setState({
    drawnFps: drawRate.fps(meta.node_id, nowMs),
    leadMs: screens?.leadMs(meta.node_id) ?? 0,
    latency: meter.summary(),
  });
}

function receiveMessage(message: ServerMessage): void {
  if (message.type === "control_received") meter.received(message.data.id, performance.now());
  if (message.type === "control_applied") meter.applied(message.data.id, message.data.tick, performance.now());
  if (message.type === "error" && liveStore.getState().run.status === "running") {
    const { message: title, remedy } = message.data.error;
    toast({ kind: "error", title, ...(remedy ? { detail: remedy } : {}) });
  }
  if (message.type === "run_finished" && message.data.run_id === besideStore.getState().runId) forgetBeside();
  if (message.type === "pong") clock.answered(message.data);
  liveStore.setState((state) => reduce(state, message));
  for (const listener of listeners) listener(message);
}

/** After a reconnect the run may still be going: watch it again. */
function watchAgain(): void {
  const { run } = liveStore.getState();
  if (isActive(run) && run.runId !== null) socket?.send({ type: "watch", data: { run_id: run.runId } });
}

function acknowledge({ run_id, node_id, seq }: FrameMeta): void {
  const drawnMs = clock.toServer(epochMs(performance.now()));
  const stamp = drawnMs === undefined ? {} : { t_drawn: drawnMs };
  socket?.send({ type: "ack", data: { run_id, node_id, seq, ...stamp } });
}

/** Forget the frames, controls and measurements of the run before. */
export function resetSession(): void {
  limiter.reset();
  meter.reset();
  drawRate.reset();
  screens?.clear();
}

/** Another workflow was opened: a run that is going goes on as a foreign one, what an old one left is forgotten. */
export function leaveWorkflow(): void {
  if (isActive(liveStore.getState().run)) {
    liveStore.setState({ foreign: true });
    return;
  }
  screens?.forget();
  liveStore.setState({ run: IDLE_RUN, nodes: {}, screens: [], latency: null, foreign: false });
}

/** The live run that this tab started last; a reload does not forget it. */
const RUN_ID_KEY = "nodegraph.run-id";

export const rememberRun = (runId: string): void => sessionStorage.setItem(RUN_ID_KEY, runId);

export const rememberedRun = (): string | null => sessionStorage.getItem(RUN_ID_KEY);

export function watchRun(runId: string): void {
  socket?.send({ type: "watch", data: { run_id: runId } });
}

export function getScreens(): Screens {
  screens ??= createScreens({ acknowledge, drawn: frameDrawn });
  return screens;
}

/** Open the websocket and keep it open; the returned function closes it. `opened` is called at every (re)connection. */
export function openSession(opened: () => void): () => void {
  const { protocol, host } = window.location;
  const { clientId } = liveStore.getState();
  getScreens();
  socket = createSocket({
    url: `${protocol === "https:" ? "wss" : "ws"}://${host}/ws?clientId=${encodeURIComponent(clientId)}`,
    onMessage: receiveMessage,
    onFrame: receiveFrame,
    onConnection(connection) {
      liveStore.setState({ connection });
      if (connection !== "open") return;
      clock.start();
      watchAgain();
      opened();
    },
  });
  const current = socket;
  const retry = () => current.retry();
  window.addEventListener("online", retry);
  return () => {
    window.removeEventListener("online", retry);
    clock.stop();
    current.close();
  };
}
