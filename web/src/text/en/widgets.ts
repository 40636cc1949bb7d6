import type { Area } from "../table";

export const widgets = {} as const satisfies Area;
