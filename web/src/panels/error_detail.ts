import { ApiError } from "../lib/api";

export interface ErrorText {
  readonly message: string;
  readonly remedy: string | null;
}

/** What to tell about a failed request. */
export function errorDetail(error: unknown): ErrorText {
  if (error instanceof ApiError) return { message: error.message, remedy: error.remedy ?? null };
  return { message: String(error), remedy: null };
}
