/** Where a tick lies in a take's video. Tick 0 is one frame, every other tick four; a branch's video begins with its first own tick. */
const FRAMES_PER_TICK = 4;
const FPS = 24;

export const framesBefore = (tick: number): number => (tick <= 0 ? 0 : (tick - 1) * FRAMES_PER_TICK + 1);

/** The middle of the tick's first frame, in seconds: away from the border, where a player may round either way. */
export function videoSeconds(tick: number, firstTick: number, fps = FPS): number {
  return (Math.max(0, framesBefore(tick) - framesBefore(firstTick)) + 0.5) / fps;
}

/** The tick on show at a moment of the video. */
export function videoTick(seconds: number, firstTick: number, fps = FPS): number {
  const frame = Math.floor(seconds * fps + 1e-6) + framesBefore(firstTick);
  return frame < 1 ? 0 : Math.floor((frame - 1) / FRAMES_PER_TICK) + 1;
}
