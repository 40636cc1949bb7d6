/** Where the server keeps the pictures of a take. */
const path = (takeId: string, rest: string) => `/api/takes/${encodeURIComponent(takeId)}${rest}`;

export const videoUrl = (takeId: string): string => path(takeId, "/video");

/** The first picture of a tick. */
export const frameUrl = (takeId: string, tick: number): string => path(takeId, `/frame/${tick}.webp`);
