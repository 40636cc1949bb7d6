import type { app as en } from "../en/app";
import type { Translated } from "../table";

export const app: Translated<typeof en> = {};
