import type { z } from 'zod';
import type { Problem, RouteDefinition, Routes } from '../contract/index.ts';

type Field<R, K extends keyof RouteDefinition> = R extends { [P in K]: z.ZodType } ? R[K] : never;
type Input<R, K extends 'params' | 'query' | 'body'> = [Field<R, K>] extends [never]
  ? { [P in K]?: undefined }
  : Record<string, never> extends z.input<Field<R, K>>
    ? { [P in K]?: z.input<Field<R, K>> }
    : { [P in K]: z.input<Field<R, K>> };
export type RouteRequest<K extends keyof Routes> = Input<Routes[K], 'params'> &
  Input<Routes[K], 'query'> &
  Input<Routes[K], 'body'>;
export type RouteResponse<K extends keyof Routes> = [Field<Routes[K], 'response'>] extends [never]
  ? void
  : z.output<Field<Routes[K], 'response'>>;
/** Aborted, a call rejects with the signal's own reason: nobody refused anything. */
type Call<K extends keyof Routes> = RouteRequest<K> & { signal?: AbortSignal };
type Rest<K extends keyof Routes> =
  Record<string, never> extends RouteRequest<K> ? [request?: Call<K>] : [request: Call<K>];

/** Longer than anything the server itself waits for, such as the trial of a connection. */
const PATIENCE_MS = 60_000;

/** A refusal by the server, or `network` when there was no answer at all. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }
  get code(): string {
    return this.problem.code;
  }
}

export interface HttpClientOptions {
  /** Empty for the page's own origin. */
  baseUrl?: string;
  headers?: Record<string, string>;
  fetch?: typeof globalThis.fetch;
  /** After so long without the whole answer there is none: a connection may be dead without anybody noticing. */
  patienceMs?: number;
  /** Hears of every refusal, such as a session that ended. */
  onError?(error: ApiError): void;
}

/** Calls a route by its name: `await http("PATCH /api/conversations/:id", { params: { id }, body: { title } })`. */
export type HttpClient = <K extends keyof Routes>(route: K, ...rest: Rest<K>) => Promise<RouteResponse<K>>;

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { patienceMs = PATIENCE_MS } = options;
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);

  return async (route, ...rest) => {
    const request = rest[0] as { params?: unknown; query?: unknown; body?: unknown; signal?: AbortSignal } | undefined;
    const [method, path] = route.split(' ') as [string, string];
    const patience = AbortSignal.timeout(patienceMs);
    const signal = request?.signal === undefined ? patience : AbortSignal.any([request.signal, patience]);
    const url = (options.baseUrl ?? '') + fillPath(path, request?.params) + queryText(request?.query);
    const answer = send(url, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(request?.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: request?.body === undefined ? undefined : JSON.stringify(request.body),
      signal,
    }).then(readAnswer);
    const { problem, body } = await answer.catch((cause: unknown) => {
      if (request?.signal?.aborted === true) throw cause;
      return { problem: unreachable(cause), body: undefined };
    });
    if (problem !== null) throw report(new ApiError(problem));
    return body as never;
  };

  function report(error: ApiError): ApiError {
    options.onError?.(error);
    return error;
  }
}

export function fillPath(path: string, params: unknown): string {
  const values = (params ?? {}) as Record<string, string>;
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function queryText(query: unknown): string {
  const entries = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? ''
    : `?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}

async function readAnswer(response: Response): Promise<{ problem: Problem | null; body: unknown }> {
  if (!response.ok) return { problem: await readProblem(response), body: undefined };
  return { problem: null, body: response.status === 204 ? undefined : await response.json() };
}

async function readProblem(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) return (await response.json()) as Problem;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'unexpected-answer',
    detail: `The server answered ${response.status} without a reason.`,
  };
}

function unreachable(cause: unknown): Problem {
  return {
    type: 'about:blank',
    title: 'No answer',
    status: 0,
    code: 'network',
    detail: cause instanceof Error ? cause.message : 'The server could not be reached.',
  };
}
