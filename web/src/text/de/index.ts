import { app } from "./app";
import { common } from "./common";
import { graph } from "./graph";
import { panels } from "./panels";
import { share } from "./share";
import { stage } from "./stage";
import { timeline } from "./timeline";
import { widgets } from "./widgets";
import type { en } from "../en";

export const de = { app, common, graph, panels, share, stage, timeline, widgets } satisfies Record<
  keyof typeof en,
  unknown
>;
