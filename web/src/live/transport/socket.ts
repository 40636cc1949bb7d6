/** The live socket: typed messages both ways, binary frames, reconnects by itself. It knows no store: it calls back. */
import type { ClientMessage, ServerMessage } from "../../protocol/messages.gen";
import { reconnectDelayMs } from "./backoff";
import { type Frame, parseBinary } from "./frames";
import { parseMessage } from "./messages";

export type Connection = "connecting" | "open" | "waiting" | "closed";

export interface SocketHandlers {
  onMessage(message: ServerMessage): void;
  onFrame(frame: Frame): void;
  onConnection(connection: Connection): void;
}

export interface SocketOptions extends SocketHandlers {
  url: string;
  /** Replaceable in tests. */
  connect?: (url: string) => WebSocket;
  delayMs?: (attempt: number) => number;
}

export interface LiveSocket {
  /** False when the socket is not open; nothing is buffered, for a control of the past must not arrive late. */
  send(message: ClientMessage): boolean;
  /** Try again now instead of at the end of the wait. */
  retry(): void;
  close(): void;
}

const FEATURES: ClientMessage = { type: "feature_flags", data: { supports_preview_metadata: true } };

export function createSocket(options: SocketOptions): LiveSocket {
  const { url, onMessage, onFrame, onConnection } = options;
  const connect = options.connect ?? ((target) => new WebSocket(target));
  const delayMs = options.delayMs ?? reconnectDelayMs;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let closed = false;

  function receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const message = parseBinary(data);
      if (message.kind === "frame") onFrame(message);
      return;
    }
    const message = typeof data === "string" ? parseMessage(data) : null;
    if (message) onMessage(message);
  }

  function open(): void {
    onConnection("connecting");
    const current = connect(url);
    socket = current;
    current.binaryType = "arraybuffer";
    current.onopen = () => {
      attempt = 0;
      current.send(JSON.stringify(FEATURES));
      onConnection("open");
    };
    current.onmessage = (event: MessageEvent) => receive(event.data);
    current.onclose = () => lost(current);
  }

  function lost(which: WebSocket): void {
    if (closed || which !== socket) return;
    socket = null;
    onConnection("waiting");
    timer = setTimeout(open, delayMs(attempt));
    attempt += 1;
  }

  open();
  return {
    send(message) {
      if (socket?.readyState !== 1) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    retry() {
      if (closed || socket) return;
      clearTimeout(timer);
      open();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
      socket = null;
      onConnection("closed");
    },
  };
}
