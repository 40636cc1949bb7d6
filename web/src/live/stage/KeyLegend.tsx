import { useEffect, useState } from "react";
import { t } from "../../text";
import type { Bindings } from "../control/bindings";
import type { Axis } from "../control/mixer";
import { type StageState, useStage } from "./stage_store";

interface Cap {
  readonly label: string;
  readonly axis: Axis;
  readonly sign: 1 | -1;
  readonly column: number;
  readonly row: 1 | 2;
}

const cap = (label: string, axis: Axis, sign: 1 | -1, column: number, row: 1 | 2): Cap => ({
  label,
  axis,
  sign,
  column,
  row,
});

const CAMERA: readonly Cap[] = [
  cap("Q", "move.up", -1, 1, 1),
  cap("W", "move.forward", 1, 2, 1),
  cap("E", "move.up", 1, 3, 1),
  cap("A", "move.right", -1, 1, 2),
  cap("S", "move.forward", -1, 2, 2),
  cap("D", "move.right", 1, 3, 2),
];
const WALK: readonly Cap[] = [
  cap("I", "walk.forward", 1, 2, 1),
  cap("J", "walk.turn", -1, 1, 2),
  cap("K", "walk.forward", -1, 2, 2),
  cap("L", "walk.turn", 1, 3, 2),
];

function arrows(driveCharacter: boolean): readonly Cap[] {
  const [x, y]: [Axis, Axis] = driveCharacter ? ["walk.turn", "walk.forward"] : ["look.yaw", "look.pitch"];
  return [cap("\u2191", y, 1, 2, 1), cap("\u2190", x, -1, 1, 2), cap("\u2193", y, -1, 2, 2), cap("\u2192", x, 1, 3, 2)];
}

const FADE_AFTER_MS = 6000;

/** True until the controls rested for six seconds. */
function useAwake(movedMs: number): boolean {
  const [awake, setAwake] = useState(true);
  useEffect(() => {
    if (Number.isFinite(movedMs)) setAwake(true);
    const timer = setTimeout(() => setAwake(false), FADE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [movedMs]);
  return awake;
}

function Cluster({ name, caps, axes }: { name: string; caps: readonly Cap[]; axes: StageState["axes"] }) {
  return (
    <div className="stage-keys-cluster">
      <div className="stage-keys-caps">
        {caps.map(({ label, axis, sign, column, row }) => (
          <kbd
            key={label}
            style={{ gridColumn: column, gridRow: row }}
            data-down={(axes[axis] ?? 0) * sign > 0.05 || undefined}
          >
            {label}
          </kbd>
        ))}
      </div>
      <span>{name}</span>
    </div>
  );
}

/** Which keys steer, lit while they do; it fades while nobody touches them. */
export function KeyLegend({ bindings }: { bindings: Bindings }) {
  const axes = useStage((state) => state.axes);
  const driveCharacter = useStage((state) => state.driveCharacter);
  const awake = useAwake(useStage((state) => state.movedMs));
  const bound = (caps: readonly Cap[]) => caps.filter(({ axis }) => bindings.axes[axis] !== undefined);
  const clusters = [
    { name: t("stage.move"), caps: bound(CAMERA) },
    { name: driveCharacter ? t("stage.walk") : t("stage.look"), caps: bound(arrows(driveCharacter)) },
    { name: t("stage.walk"), caps: driveCharacter ? [] : bound(WALK) },
  ].filter(({ caps }) => caps.length > 0);
  if (clusters.length === 0) return null;
  return (
    <div className="stage-keys" data-awake={awake || undefined} aria-hidden>
      {clusters.map(({ name, caps }) => (
        <Cluster key={name} name={name} caps={caps} axes={axes} />
      ))}
    </div>
  );
}
