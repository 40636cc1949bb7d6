/** What is kept of a tick, in words. Pure but for the words. */
import { t } from "../text";
import { type HeldAt, heldAt, type Kept, onDisk } from "./held";

/** How going on from a tick would be: at once, after so many ticks, or only nearly the same. */
export function wayText({ kind, replayTicks }: HeldAt): string {
  return t(`timeline.held.${kind}`, { n: replayTicks });
}

/** The lines of the tip on a take's bar. */
export function heldLines(take: Kept, tick: number): readonly string[] {
  const found = heldAt(take, tick);
  const kept = onDisk(take, tick).map((part) => t(`timeline.kept.${part}`));
  return [
    `${t("timeline.tick", { tick })}: ${wayText(found)}`,
    ...(found.nearly ? [t("timeline.held.nearly")] : []),
    kept.length > 0 ? t("timeline.kept.disk", { parts: kept.join(", ") }) : t("timeline.kept.none"),
    ...(tick >= (take.approximate_from ?? Number.POSITIVE_INFINITY)
      ? [t("timeline.approximate.from", { tick: take.approximate_from ?? 0 })]
      : []),
  ];
}
