import { useEffect, useState } from "react";
import { errorText } from "../../lib/error_text";
import { toast } from "../../lib/toast";
import type { MotionEntry } from "../../protocol/messages.gen";
import { t } from "../../text";
import { actionName } from "../../live/stage/action_name";
import { ClipThumb } from "../pose/ClipThumb";
import { layMotion, listMotions, motionOf, motionUrl } from "../pose/motions";

interface MotionGridProps {
  readonly chosen: string | null;
  readonly onChoose: (path: string) => void;
}

/** The motions that the character knows by itself, moving under the pointer or the focus. */
export function MotionGrid({ chosen, onChoose }: MotionGridProps) {
  const [motions, setMotions] = useState<readonly MotionEntry[]>([]);
  const [moving, setMoving] = useState<string | null>(null);
  useEffect(() => {
    // Without the server's list there are the uploads alone.
    listMotions().then(setMotions, () => undefined);
  }, []);
  if (motions.length === 0) return null;
  async function choose(name: string) {
    try {
      onChoose(await layMotion(name));
    } catch (error) {
      toast({ kind: "error", title: t("widgets.file.failed"), detail: errorText(error) });
    }
  }
  return (
    <section aria-label={t("widgets.file.motions")}>
      <h3 className="fb-head">{t("widgets.file.motions")}</h3>
      <ul className="fb-grid">
        {motions.map(({ name, length_s }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={chosen !== null && motionOf(chosen) === name}
              onClick={() => void choose(name)}
              onPointerEnter={() => setMoving(name)}
              onPointerLeave={() => setMoving(null)}
              onFocus={() => setMoving(name)}
              onBlur={() => setMoving(null)}
            >
              <ClipThumb url={motionUrl(name)} playing={moving === name} />
              <span>
                {actionName(name)} {t("widgets.seconds", { s: length_s.toFixed(1) })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
