/** Frames drawn a second, by node, over the last two seconds. */
const WINDOW_MS = 2000;

export function createDrawRate() {
  const times = new Map<string, number[]>();

  return {
    count(nodeId: string, nowMs: number): void {
      const list = times.get(nodeId) ?? [];
      times.set(nodeId, list);
      list.push(nowMs);
      while ((list[0] ?? nowMs) < nowMs - WINDOW_MS) list.shift();
    },
    fps(nodeId: string, nowMs: number): number {
      const list = times.get(nodeId) ?? [];
      const first = list[0];
      if (first === undefined || list.length < 2 || nowMs - first < 1) return 0;
      return ((list.length - 1) * 1000) / (nowMs - first);
    },
    reset(): void {
      times.clear();
    },
  };
}
