import { heightOf, rangeOf, sparkPath } from "../live/drift/spark";
import { statName } from "../live/drift/DriftStrip";
import { LANE_PX } from "./sizes";
import { selectedTake, useTimeline } from "./timeline_store";
import type { View } from "./Tracks";

const SHOWN = ["first_distance", "luma", "saturation", "sharpness", "motion", "latent_std"] as const;
export const STATS_HEIGHT = SHOWN.length * LANE_PX;

/** The statistics of every tick under the take, with the range that its first minute taught. */
export function StatsLanes({ view, pxPerTick }: { readonly view: View; readonly pxPerTick: number }) {
  const take = useTimeline(selectedTake);
  // The lists grow in place while a run is live: the last tick tells that there is more to draw.
  useTimeline((state) => selectedTake(state)?.summary.last);
  if (!take) return null;
  const { first_tick, values, levels } = take.stats;
  return (
    <>
      {SHOWN.map((name) => {
        const list = values[name] ?? [];
        const usual = levels[name];
        const range = rangeOf(list, usual ?? []);
        return (
          <div key={name} className="tl-lane" data-kind="stat">
            <div className="tl-lane-label">{statName(name)}</div>
            <div className="tl-track" data-track="">
              <svg
                className="tl-stat"
                style={{ left: first_tick * pxPerTick, width: Math.max(1, list.length * pxPerTick) }}
                viewBox={`0 0 ${Math.max(1, list.length)} 1`}
                preserveAspectRatio="none"
                aria-hidden
              >
                {usual && (
                  <rect
                    x={0}
                    width={Math.max(1, list.length)}
                    y={heightOf(usual[1], range)}
                    height={Math.max(0, heightOf(usual[0], range) - heightOf(usual[1], range))}
                  />
                )}
                <path
                  d={sparkPath(list, range, {
                    from: view.from - first_tick,
                    to: view.to - first_tick + 2,
                    points: 900,
                  })}
                />
              </svg>
            </div>
          </div>
        );
      })}
    </>
  );
}
