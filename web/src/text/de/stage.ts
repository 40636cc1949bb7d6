import type { stage as en } from "../en/stage";
import type { Translated } from "../table";

export const stage: Translated<typeof en> = {};
