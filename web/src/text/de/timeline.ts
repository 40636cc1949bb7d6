import type { timeline as en } from "../en/timeline";
import type { Translated } from "../table";

export const timeline: Translated<typeof en> = {};
