/** The one door to `/api/v1`: JSON, language, CSRF token, errors as one class. */
import { ref } from "vue";

import { language } from "@/language";

export const API = "/api/v1";

/** The token every write carries; renewed by each answer of `session`. */
export const csrfToken = ref("");

/** Called when an answer says that nobody is signed in any more. */
export const signedOut: { handler: () => void } = { handler: () => undefined };
/** Called when a socket was closed because its listener may no longer hear it. */
export const rightsChanged: { handler: () => void } = { handler: () => undefined };
/** Called when an answer says that a second person has to confirm first (again). */
export const secondPersonNeeded: { handler: () => void } = { handler: () => undefined };
export const SECOND_PERSON_NEEDED = "second-person-needed";

/** An answer other than 2xx. `field` is the path of the wrong field, `status` is 0 when nobody answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** The address of a resource with its query, empty members left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `${API}/${path}${text ? `?${text}` : ""}`;
}

/** The address of a WebSocket of the API. */
export function socketAddress(path: string): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${address(path, { lang: language.value })}`;
}

async function failure(answer: Response): Promise<ApiError> {
  const retryAfter = Number(answer.headers.get("Retry-After"));
  let code = "unknown";
  let message = answer.statusText;
  let field: string | null = null;
  const text = await answer.text();
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const body = JSON.parse(text) as { error?: { code?: string; message?: string; field?: string } };
    code = body.error?.code ?? code;
    message = body.error?.message ?? message;
    field = body.error?.field ?? null;
  }
  return new ApiError(answer.status, code, message, field, retryAfter > 0 ? retryAfter : null);
}

async function ask(method: string, path: string, query: Query, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": language.value };
  if (method !== "GET") headers["X-CSRF-Token"] = csrfToken.value;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(address(path, query), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
      credentials: "same-origin",
    });
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === "AbortError") throw problem;
    throw new ApiError(0, "unreachable", "");
  }
  if (answer.ok) return answer;
  const error = await failure(answer);
  if (error.status === 401 && !/^(session|setup|reset|shared)/.test(path)) {
    signedOut.handler();
  }
  if (error.code === SECOND_PERSON_NEEDED) secondPersonNeeded.handler();
  throw error;
}

async function json<Answer>(answer: Response): Promise<Answer> {
  return (answer.status === 204 ? undefined : await answer.json()) as Answer;
}

export async function get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  return json(await ask("GET", path, query, undefined, signal));
}

export async function getBytes(path: string, signal?: AbortSignal, query: Query = {}): Promise<ArrayBuffer> {
  return (await ask("GET", path, query, undefined, signal)).arrayBuffer();
}

export async function post<Answer = undefined>(path: string, body: unknown = {}): Promise<Answer> {
  return json(await ask("POST", path, {}, body));
}

export async function put<Answer>(path: string, body: unknown, query: Query = {}): Promise<Answer> {
  return json(await ask("PUT", path, query, body));
}

export async function remove<Answer = undefined>(path: string, query: Query = {}): Promise<Answer> {
  return json(await ask("DELETE", path, query, undefined));
}
