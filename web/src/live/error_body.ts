import { ApiError } from "../lib/api";
import type { ErrorBody } from "../protocol/messages.gen";

/** What a failed request said, with the node of its first problem. */
export function errorBody(error: unknown): ErrorBody {
  if (!(error instanceof ApiError)) return { code: "unknown", message: String(error) };
  const { code, message, remedy, problems } = error;
  const [first] = problems;
  const body: ErrorBody = { code, message: first?.message ?? message };
  if (first?.remedy ?? remedy) body.remedy = first?.remedy ?? remedy ?? "";
  if (first?.node) body.node = first.node;
  return body;
}
