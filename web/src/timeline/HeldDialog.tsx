import { Dialog } from "../lib/dialog";
import { Button } from "../lib/ui";
import type { TakeAnswer } from "../protocol/messages.gen";
import { t } from "../text";
import { continueHere, continueNearly } from "./going_on";
import { heldAt } from "./held";
import { heldLines } from "./held_text";
import { liveTakeId } from "./loading";
import { pin } from "./take_edits";
import { entryAt, selectedTake, useTimeline } from "./timeline_store";

/** The looks of the bar, in the order of their lines: `data-held` or `data-kept` as the bar has them, or a sign. */
const LEGEND: readonly { readonly mark: Readonly<Record<`data-${string}`, string>>; readonly key: LegendKey }[] = [
  { mark: { "data-held": "exact" }, key: "exact" },
  { mark: { "data-held": "replay" }, key: "replay" },
  { mark: { "data-held": "latents" }, key: "nearly" },
  { mark: { "data-held": "gone" }, key: "gone" },
  { mark: { "data-kept": "latents" }, key: "latents" },
  { mark: { "data-kept": "video" }, key: "video" },
  { mark: { "data-held": "approximate" }, key: "approximate" },
  { mark: { "data-mark": "pinned" }, key: "pinned" },
];
type LegendKey = "exact" | "replay" | "nearly" | "gone" | "latents" | "video" | "approximate" | "pinned";

function Ways({ take, tick, onClose }: { take: TakeAnswer; tick: number; onClose: () => void }) {
  const { kind, nearly } = heldAt(take, tick);
  const own = take.take_id === liveTakeId();
  const go = (way: () => Promise<void>) => {
    onClose();
    void way();
  };
  return (
    <div className="tl-kept-ways">
      <Button variant="primary" onClick={() => go(continueHere)}>
        {kind === "latents" ? t("timeline.nearly") : own ? t("timeline.rewind") : t("timeline.continue")}
      </Button>
      {nearly && (
        <Button title={t("timeline.nearlyHint")} onClick={() => go(continueNearly)}>
          {t("timeline.nearly")}
        </Button>
      )}
    </div>
  );
}

/** What the bar under a take means, what is kept at the playhead, and the ways to go on from there. */
export function HeldDialog({ onClose }: { readonly onClose: () => void }) {
  const take = useTimeline(selectedTake);
  const tick = useTimeline((state) => state.playhead);
  const pinned = useTimeline((state) => entryAt(state, take?.take_id)?.pinned === true);
  if (!take) return null;
  return (
    <Dialog title={t("timeline.held.title")} onClose={onClose}>
      <div className="tl-kept">
        <p className="tl-kept-now" role="status">
          {heldLines(take, tick).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </p>
        <Ways take={take} tick={tick} onClose={onClose} />
        <dl className="tl-legend">
          {LEGEND.map(({ mark, key }) => (
            <div key={key}>
              <dt>
                <span className="tl-swatch" aria-hidden>
                  <i {...mark} />
                </span>
                {t(`timeline.legend.${key}`)}
              </dt>
              <dd>{t(`timeline.legend.${key}.why`)}</dd>
            </div>
          ))}
        </dl>
        {take.thinned && (
          <p className="tl-kept-now">
            {t("timeline.kept.thinned", {
              parts: take.thinned.map((part) => t(`timeline.kept.${part === "film" ? "video" : part}`)).join(", "),
            })}
          </p>
        )}
        <label className="tl-kept-pin">
          <input type="checkbox" checked={pinned} onChange={() => void pin(take.take_id, !pinned)} />
          {t("timeline.pin")}
        </label>
      </div>
    </Dialog>
  );
}
