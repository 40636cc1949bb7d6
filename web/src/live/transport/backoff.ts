/** Wait before reconnect attempt `attempt` (0, 1, 2 ...): doubles from 250 ms to 8 s, less up to a third at random. */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(8000, 250 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (1 - random() / 3));
}
