import type { CSSProperties } from "react";
import { t } from "../../text";
import { besideKey, besideStore, type Steered, useBeside } from "../beside";
import { endBeside } from "../branch";
import { Screen } from "../stage/Screen";

const STEERED: readonly Steered[] = ["a", "both", "b"];

/** The second run: its picture, which of the two is steered, and the way to end it. */
export function BesideView({ nodeId, aspect }: { readonly nodeId: string | null; readonly aspect: number }) {
  const steered = useBeside((state) => state.steered);
  return (
    <div className="stage-view stage-beside">
      <div className="stage-frame" style={{ "--aspect": aspect } as CSSProperties}>
        {nodeId !== null && (
          <Screen nodeId={besideKey(nodeId)} label={t("stage.beside.picture")} className="stage-canvas" />
        )}
      </div>
      <header>
        <div className="stage-beside-steer" role="group" aria-label={t("stage.beside.steer")}>
          {STEERED.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === steered}
              onClick={() => besideStore.setState({ steered: one })}
            >
              {t(`stage.beside.${one}`)}
            </button>
          ))}
        </div>
        <button type="button" onClick={() => void endBeside()}>
          {t("stage.beside.end")}
        </button>
      </header>
    </div>
  );
}
