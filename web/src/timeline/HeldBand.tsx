import { memo, type PointerEvent, useState } from "react";
import type { TakeAnswer } from "../protocol/messages.gen";
import { exactRuns, waySpans } from "./held";
import { heldLines } from "./held_text";
import { Tip } from "./Tip";

interface BandProps {
  readonly take: TakeAnswer;
  /** The tick that the take's strip begins with, and the one after its last. */
  readonly from: number;
  readonly to: number;
  readonly pxPerTick: number;
}

/** The least width of a mark, in pixels. */
const LEAST_PX = 3;

/** Three thin lines: how the take goes on from a tick, its latents, its film; and from where on it is not exact. */
const Lines = memo(function Lines({ take, from, to, pxPerTick }: BandProps) {
  const { exact, latents, video } = take.held;
  const place = (range: readonly [number, number]) => ({
    left: (Math.max(from, range[0]) - from) * pxPerTick,
    width: Math.max(LEAST_PX, (range[1] - Math.max(from, range[0]) + 1) * pxPerTick),
  });
  const begins = take.approximate_from;
  return (
    <>
      {waySpans(take, from, Math.max(from, to - 1)).map(({ kind, ticks }) => (
        <i key={ticks[0]} data-held={kind === "video" || kind === "nothing" ? "gone" : kind} style={place(ticks)} />
      ))}
      {exactRuns(
        exact.filter((tick) => tick >= from),
        Math.max(1, LEAST_PX / pxPerTick),
      ).map((run) => (
        <i key={run[0]} data-held="exact" style={place(run)} />
      ))}
      {latents && latents[1] >= from && <i data-kept="latents" style={place(latents)} />}
      {video && video[1] >= from && <i data-kept="video" style={place(video)} />}
      {begins !== undefined && begins < to && <i data-held="approximate" style={place([begins, to - 1])} />}
    </>
  );
});

/** What is kept of a take, under its pictures; the pointer on it is told in words. */
export function HeldBand(props: BandProps) {
  const { take, from, to, pxPerTick } = props;
  const [tip, setTip] = useState<{ tick: number; x: number; y: number } | null>(null);
  function point(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const tick = Math.max(from, Math.min(to - 1, from + Math.floor((event.clientX - box.left) / pxPerTick)));
    setTip(event.buttons === 0 ? { tick, x: event.clientX, y: box.top } : null);
  }
  return (
    <div
      className="tl-held"
      data-pinned={take.pinned || undefined}
      aria-hidden
      onPointerMove={point}
      onPointerLeave={() => setTip(null)}
    >
      <Lines {...props} />
      {tip && (
        <Tip id="tl-held-tip" left={tip.x} bottom={tip.y}>
          {heldLines(take, tip.tick).map((line) => (
            <div key={line}>{line}</div>
          ))}
        </Tip>
      )}
    </div>
  );
}
