import { useUi } from "../../app/use_ui";
import { isActive, useLive } from "../../live";
import { t } from "../../text";
import { percent, shareOf, shortMs, timeOf } from "./profile";
import { useNodeMs, useProfile } from "./profile_store";

const STEPS = 50;

/** How long a node takes for a tick, in its header: while a run is live, and in the profiling view also afterwards. */
export function NodeTime({ path }: { readonly path: string }) {
  const ms = useNodeMs(path);
  const share = useProfile((profile) => (ms === null ? 0 : shareOf(profile, ms)));
  const profiling = useUi((ui) => ui.profiling);
  const live = useLive(({ run }) => isActive(run));
  if (ms === null || !(live || profiling)) return null;
  const hint = t("graph.profile.nodeHint", { ms: shortMs(ms), share: percent(share) });
  return (
    <span className="gn-time" title={hint}>
      {t("graph.profile.ms", { ms: shortMs(ms) })}
      {profiling && <b>{percent(share)} %</b>}
    </span>
  );
}

/** The node's part of all time for the tint of its card, in steps of 2 %; null outside the profiling view. */
export function useHeat(path: string): number | null {
  const profiling = useUi((ui) => ui.profiling);
  return useProfile((profile) => {
    if (!profiling) return null;
    return Math.round(shareOf(profile, timeOf(profile, path) ?? 0) * STEPS) / STEPS;
  });
}
