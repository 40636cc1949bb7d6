/**
 * The server's clock, as well as this browser can know it: a few pings, and of their answers the one with the shortest way.
 * All times are epoch milliseconds.
 */
import type { PingData, PongData } from "../../protocol/messages.gen";

const FIRST_PINGS = 4;
const PING_EVERY_MS = 60_000;

export interface ServerClock {
  /** Ask now and then; call at every new connection. */
  start(): void;
  answered(pong: PongData): void;
  /** A time of this browser on the server's clock; undefined before the first answer. */
  toServer(localMs: number): number | undefined;
  stop(): void;
}

export function createServerClock(
  send: (ping: PingData) => void,
  now: () => number = () => performance.timeOrigin + performance.now(),
): ServerClock {
  let timer: ReturnType<typeof setInterval> | undefined;
  let asked = 0;
  let offsetMs: number | undefined;
  let shortestMs = Number.POSITIVE_INFINITY;

  function ask(): void {
    asked += 1;
    send({ t_client: now() });
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    start() {
      stop();
      asked = 0;
      shortestMs = Number.POSITIVE_INFINITY;
      timer = setInterval(ask, PING_EVERY_MS);
      ask();
    },
    answered({ t_client, t_server }) {
      const tripMs = now() - t_client;
      if (tripMs >= 0 && tripMs < shortestMs) {
        shortestMs = tripMs;
        offsetMs = t_server - (t_client + now()) / 2;
      }
      if (asked < FIRST_PINGS) ask();
    },
    toServer: (localMs) => (offsetMs === undefined ? undefined : localMs + offsetMs),
    stop,
  };
}
