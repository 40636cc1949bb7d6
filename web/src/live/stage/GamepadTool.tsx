import { Settings2 } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { t } from "../../text";
import type { PadTarget } from "../../widgets/gamepad";
import type { Bindings } from "../control/bindings";
import type { Axis } from "../control/mixer";
import { Tool } from "./Tool";
import { changePadMapping, usePadMapping } from "./use_gamepad";

const GamepadDialog = lazy(async () => ({ default: (await import("../../widgets/gamepad")).GamepadDialog }));

const named = (name: string) => name.replace(".", ": ").replaceAll("_", " ");

/** What can be bound: the stage controls of this graph and its numbers and switches. */
function targetsOf({ axes, parameters }: Bindings): PadTarget[] {
  const controls = (Object.keys(axes) as Axis[]).map((id) => ({
    id,
    label: named(id),
    group: t("stage.gamepad.controls"),
  }));
  const inputs = parameters
    .filter(({ schema }) => schema.widget?.kind === "number" || schema.widget?.kind === "toggle")
    .map(({ node, input, title }) => ({ id: `${node}:${input}`, label: named(input), group: title }));
  return [...controls, ...inputs];
}

/** Opens the mapping of the gamepad; shown where the graph has something to steer. */
export function GamepadTool({ bindings }: { readonly bindings: Bindings }) {
  const [open, setOpen] = useState(false);
  const mapping = usePadMapping();
  const targets = useMemo(() => targetsOf(bindings), [bindings]);
  if (targets.length === 0) return null;
  return (
    <>
      <Tool
        label={t("stage.tools.gamepad")}
        icon={<Settings2 size={16} />}
        pressed={open}
        onClick={() => setOpen(true)}
      />
      {open && (
        <Suspense>
          <GamepadDialog
            targets={targets}
            mapping={mapping}
            onChange={changePadMapping}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
