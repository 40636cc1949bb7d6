import type { panels as en } from "../en/panels";
import type { Translated } from "../table";

export const panels: Translated<typeof en> = {};
