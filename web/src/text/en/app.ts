import type { Area } from "../table";

export const app = {} as const satisfies Area;
