import type { Area } from "../table";

export const stage = {} as const satisfies Area;
