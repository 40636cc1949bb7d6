/** Texts of the stage, the live run and the side panels. */
export const liveText = {} as const;
