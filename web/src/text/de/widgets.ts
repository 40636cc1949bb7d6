import type { widgets as en } from "../en/widgets";
import type { Translated } from "../table";

export const widgets: Translated<typeof en> = {};
