import { app } from "./app";
import { common } from "./common";
import { graph } from "./graph";
import { panels } from "./panels";
import { share } from "./share";
import { stage } from "./stage";
import { timeline } from "./timeline";
import { widgets } from "./widgets";

export const en = { app, common, graph, panels, share, stage, timeline, widgets } as const;
