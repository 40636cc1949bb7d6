import type { Area } from "../table";

export const graph = {} as const satisfies Area;
