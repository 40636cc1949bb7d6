import { t } from "../text";

/** One thing wrong with a workflow, as the server's validator words it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly node?: string | null;
  readonly port?: string | null;
  readonly got?: unknown;
  readonly expected?: unknown;
  readonly remedy?: string | null;
}

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string; readonly remedy?: string | null };
  readonly problems?: readonly Problem[];
}

/** A refusal by the server, or no answer at all (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly problems: readonly Problem[];

  constructor(status: number, body: ErrorBody) {
    super(body.error?.message ?? t("common.errors.httpStatus", { status }));
    this.name = "ApiError";
    this.status = status;
    this.code = body.error?.code ?? "http";
    this.remedy = body.error?.remedy ?? undefined;
    this.problems = body.problems ?? [];
  }
}

async function send(method: string, path: string, body: unknown): Promise<Response> {
  const init: RequestInit = { method };
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError(0, { error: { code: "unreachable", message: t("common.errors.unreachable") } });
  }
}

async function readJson<T>(response: Response): Promise<T | null> {
  try {
    return (await response.json()) as T;
  } catch {
    return null;
  }
}

/** Call the server's HTTP interface; a FormData body is sent as multipart, anything else as JSON. */
export async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  if (!response.ok) throw new ApiError(response.status, (await readJson<ErrorBody>(response)) ?? {});
  if (response.status === 204) return undefined as T;
  const answer = await readJson<T>(response);
  if (answer === null) throw new ApiError(response.status, { error: { message: t("common.errors.notJson") } });
  return answer;
}
