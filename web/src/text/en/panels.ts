import type { Area } from "../table";

export const panels = {} as const satisfies Area;
