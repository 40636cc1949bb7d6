/** Text messages of the live socket, checked at the edge. Unknown types are dropped: an older editor may meet a newer server. */
import type { ServerMessage } from "../../protocol/messages.gen";

type MessageType = ServerMessage["type"];
type DataOf<T extends MessageType> = Extract<ServerMessage, { type: T }>["data"];

/** The fields without which a message of the type is of no use. */
const REQUIRED: { [T in MessageType]: readonly (keyof DataOf<T> & string)[] } = {
  status: ["status"],
  feature_flags: [],
  execution_start: ["prompt_id"],
  execution_cached: ["prompt_id", "nodes"],
  executing: ["prompt_id"],
  progress: ["prompt_id", "node", "value", "max"],
  progress_state: ["prompt_id", "nodes"],
  executed: ["prompt_id", "node"],
  execution_success: ["prompt_id"],
  execution_interrupted: ["prompt_id"],
  execution_error: ["prompt_id"],
  run_started: ["run_id"],
  run_finished: ["run_id", "status"],
  live_tick: ["run_id", "tick"],
  control_received: ["run_id", "id"],
  control_applied: ["run_id", "id", "tick"],
  queue_changed: [],
  error: ["error"],
  take_started: ["run_id", "take_id"],
  take_stopped: ["run_id", "error"],
  edit_applied: ["run_id", "tick"],
  edit_rolled_back: ["run_id", "error"],
  take_tick: ["run_id", "tick", "stats"],
  state_held: ["run_id", "ticks"],
  latency: ["run_id", "stages"],
  takes_thinned: ["takes", "cap"],
  profile: ["run_id", "nodes", "wires"],
  pong: ["t_client", "t_server"],
};

/** Parse one text message; null for anything that is not a message this editor knows. */
export function parseMessage(text: string): ServerMessage | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null) return null;
  const { type, data } = parsed as { type?: string; data?: Record<string, unknown> | null };
  if (type === undefined || !Object.hasOwn(REQUIRED, type)) return null;
  const fields = data ?? {};
  const required: readonly string[] = REQUIRED[type as MessageType];
  if (typeof fields !== "object" || required.some((name) => fields[name] === undefined)) return null;
  return { type, data: fields } as ServerMessage;
}
