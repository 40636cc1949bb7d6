import type { graph as en } from "../en/graph";
import type { Translated } from "../table";

export const graph: Translated<typeof en> = {};
