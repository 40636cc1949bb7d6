import { useEffect, useRef, useState } from "react";
import { TICKS_A_SECOND } from "./path";

export interface Playback {
  /** Ticks, between two as well. */
  readonly time: number;
  readonly playing: boolean;
  readonly seek: (tick: number) => void;
  readonly toggle: () => void;
}

/** A clock in ticks from `first` to `last`: it stops at the end, or starts again with `loop`. */
export function usePlayback(first: number, last: number, loop: boolean): Playback {
  const [time, setTime] = useState(first);
  const [playing, setPlaying] = useState(false);
  const now = useRef(time);
  now.current = time;

  useEffect(() => {
    if (!playing) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function step(at) {
      const next = now.current + ((at - before) / 1000) * TICKS_A_SECOND;
      before = at;
      const over = next >= last;
      setTime(over ? (loop ? first + ((next - first) % Math.max(1, last - first)) : last) : next);
      if (over && !loop) setPlaying(false);
      else frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, first, last, loop]);

  return {
    time,
    playing,
    seek(tick) {
      setTime(Math.max(0, tick));
    },
    toggle() {
      if (!playing && now.current >= last) setTime(first);
      setPlaying(!playing && last > first);
    },
  };
}
