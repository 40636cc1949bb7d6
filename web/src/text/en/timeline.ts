import type { Area } from "../table";

export const timeline = {} as const satisfies Area;
