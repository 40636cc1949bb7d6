/** What the menus offer for single inputs: a place on the stage, and the way back to the default. */
import { Pin, PinOff, RotateCcw } from "lucide-react";
import { flatten } from "../document/flatten";
import { documentStore, openGraph, pathOf } from "../document/store";
import { isPinned, pinnable, togglePin } from "../live";
import type { InputSchema } from "../protocol/schema";
import { t } from "../text";
import { getNodeSchema } from "./catalog";
import { commitInput } from "./commit_input";
import type { MenuItem } from "./menu_items";

/** Names as the node shows them: radius_m reads "radius". */
export function shownName(name: string): string {
  return name.replace(/_(m|s|deg|ms|ticks)$/, "").replaceAll("_", " ");
}

/** One entry for each input of a node that can stand on the stage. */
export function pinItems(node: string): readonly MenuItem[] {
  const path = pathOf(node);
  const own = pinnable(flatten(documentStore.getState().doc), getNodeSchema).filter((one) => one.node === path);
  return own.map(({ input }) => pinItem(path, input));
}

/** The menu of one input's row. */
export function inputItems(node: string, name: string): readonly MenuItem[] {
  const found = openGraph().nodes.find((one) => one.id === node);
  const input = getNodeSchema(found?.type ?? "")?.inputs.find((one) => one.name === name);
  if (!found || !input) return [];
  const path = pathOf(node);
  const pins = pinnable(flatten(documentStore.getState().doc), getNodeSchema).some(
    (one) => one.node === path && one.input === name,
  );
  return [...(pins ? [pinItem(path, name)] : []), ...resetItem(node, input, found.inputs[name])];
}

function pinItem(path: string, input: string): MenuItem {
  const pinned = isPinned(path, input);
  return {
    label: t(pinned ? "graph.unpinInput" : "graph.pinInput", { input: shownName(input) }),
    icon: pinned ? PinOff : Pin,
    run: () => togglePin(path, input),
  };
}

function resetItem(node: string, input: InputSchema, value: unknown): readonly MenuItem[] {
  const changed = input.widget !== null && value !== undefined && value !== input.default;
  if (!changed || input.default === null || input.default === undefined) return [];
  return [{ label: t("graph.resetInput"), icon: RotateCcw, run: () => commitInput(node, input, input.default) }];
}
