/** The server's routes for takes. */
import { api } from "../lib/api";
import type {
  RenderSettings,
  TakeAnswer,
  TakeEntry,
  TakeMarker,
  TakeRenderAnswer,
  TakesAnswer,
} from "../protocol/messages.gen";
import { TICKS_PER_SECOND } from "./scale";

const path = (takeId: string, rest = "") => `/api/takes/${encodeURIComponent(takeId)}${rest}`;

export async function listTakes(): Promise<readonly TakeEntry[]> {
  return (await api<TakesAnswer>("GET", "/api/takes")).takes;
}

export const getTake = (takeId: string): Promise<TakeAnswer> => api("GET", path(takeId));

export const renameTake = (takeId: string, name: string): Promise<unknown> => api("PATCH", path(takeId), { name });

/** A pinned take is never thinned to make room on the disk. */
export const pinTake = (takeId: string, pinned: boolean): Promise<unknown> => api("PATCH", path(takeId), { pinned });

/** The whole list of named moments, in place of the one before. */
export const putMarkers = (takeId: string, markers: readonly TakeMarker[]): Promise<unknown> =>
  api("PUT", path(takeId, "/markers"), { markers });

export const deleteTake = (takeId: string): Promise<unknown> => api("DELETE", path(takeId));

export function renderTake(
  takeId: string,
  settings: RenderSettings,
  name: string,
  clientId: string,
): Promise<TakeRenderAnswer> {
  return api("POST", path(takeId, "/render"), { settings, client_id: clientId, ...(name ? { name } : {}) });
}

/** The thumbnail of the second that a tick lies in. */
export const thumbUrl = (takeId: string, tick: number): string =>
  path(takeId, `/thumbs/${Math.floor(tick / TICKS_PER_SECOND)}.webp`);

/** Everything of a take in one file: a ZIP, or a page that needs no server. */
export const bundleUrl = (takeId: string, form: "zip" | "html", language: string): string =>
  path(takeId, `/bundle?form=${form}&lang=${language}`);
