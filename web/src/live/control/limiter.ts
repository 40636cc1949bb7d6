/** At most one message per key and interval; the last value always goes out. */

export interface Limiter {
  /** Send `value` for `key` now if the interval allows it, otherwise at its end (only the newest waits). Equal values are not repeated. */
  set(key: string, value: unknown): void;
  /** Send everything that waits, now. */
  flush(): void;
  /** Forget what was sent, so that the next value goes out even if it is equal. */
  reset(): void;
}

export interface LimiterOptions {
  intervalMs: number;
  send: (key: string, value: unknown) => void;
  now?: () => number;
  after?: (ms: number, run: () => void) => () => void;
}

interface Slot {
  sentMs: number;
  sent: unknown;
  waiting: { value: unknown } | null;
  cancel: (() => void) | null;
}

function afterTimeout(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

export function createLimiter({
  intervalMs,
  send,
  now = () => performance.now(),
  after = afterTimeout,
}: LimiterOptions): Limiter {
  const slots = new Map<string, Slot>();

  function emit(key: string, slot: Slot): void {
    slot.cancel?.();
    slot.cancel = null;
    const { waiting } = slot;
    slot.waiting = null;
    if (!waiting || Object.is(waiting.value, slot.sent)) return;
    slot.sent = waiting.value;
    slot.sentMs = now();
    send(key, waiting.value);
  }

  return {
    set(key, value) {
      let slot = slots.get(key);
      if (!slot) {
        slot = { sentMs: Number.NEGATIVE_INFINITY, sent: undefined, waiting: null, cancel: null };
        slots.set(key, slot);
      }
      slot.waiting = { value };
      const restMs = slot.sentMs + intervalMs - now();
      if (restMs <= 0) return emit(key, slot);
      const current = slot;
      slot.cancel ??= after(restMs, () => emit(key, current));
    },
    flush() {
      for (const [key, slot] of slots) emit(key, slot);
    },
    reset() {
      for (const slot of slots.values()) slot.cancel?.();
      slots.clear();
    },
  };
}
