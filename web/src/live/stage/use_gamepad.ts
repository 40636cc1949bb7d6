import { useEffect } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { getWorkflow } from "../../document";
import { getNodeSchema } from "../../graph/catalog";
import { loadMapping, type PadMapping, saveMapping, valueFor } from "../../widgets/gamepad/mapping";
import { createPadReader, watchGamepad } from "../control/gamepad";
import { steer } from "../session";
import { steering } from "./stage_store";

const mappingStore = createStore<{ readonly mapping: PadMapping }>(() => ({ mapping: loadMapping() }));

export const usePadMapping = (): PadMapping => useStore(mappingStore, (state) => state.mapping);

export function changePadMapping(mapping: PadMapping): void {
  mappingStore.setState({ mapping });
  saveMapping(mapping);
}

/** Push a Live input, named "node:input", by a stick's share of its range. */
function push(target: string, share: number): void {
  const at = target.indexOf(":");
  const [node, input] = [target.slice(0, at), target.slice(at + 1)];
  const type = getWorkflow().nodes.find(({ id }) => id === node)?.type ?? "";
  const widget = getNodeSchema(type)?.inputs.find(({ name }) => name === input)?.widget;
  const value = widget ? valueFor(widget, share) : null;
  if (value !== null) steer(node, input, value);
}

/** A connected gamepad steers the run while the stage is there. */
export function useGamepad(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return undefined;
    const reader = createPadReader({
      mixer: steering.mixer,
      mapping: () => mappingStore.getState().mapping,
      chooseAction: (place) => steering.chooseAction(place),
      push,
    });
    return watchGamepad(reader);
  }, [enabled]);
}
