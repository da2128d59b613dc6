import type { RouteDefinition, RouteResponse, Routes } from './route-types.ts';
import type { Context } from 'koa';
import type { Caller } from './caller.ts';

type Parsed<R, K extends keyof RouteDefinition> = R extends { [P in K]: { _zod: { output: infer O } } } ? O : undefined;

/** What a handler gets: already authenticated, limited and parsed by the contract. */
export interface RouteInput<K extends keyof Routes> {
  /** Null only on public routes. */
  caller: Routes[K]['access'] extends 'public' ? Caller | null : Caller;
  params: Parsed<Routes[K], 'params'>;
  query: Parsed<Routes[K], 'query'>;
  body: Parsed<Routes[K], 'body'>;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** For the few routes that set cookies or stream; others leave it alone. */
  ctx: Context;
}

export interface ApiRoute {
  name: keyof Routes;
  options: RouteOptions;
  handle(input: RouteInput<keyof Routes>): Promise<unknown>;
}
export interface RouteOptions {
  /** Name of the endpoint limit, such as `chat.send`. Routes without one share the general limit. */
  limit?: string;
  /** What an API key must hold to come in; absent: keys are refused, only a session will do. */
  scope?: 'chat' | 'read' | 'write';
  /** Largest body; 1 MiB unless said. */
  bodyLimitBytes?: number;
}

/** One route of the contract and who serves it. Access, parsing and the answer's shape come from the contract. */
export function apiRoute<K extends keyof Routes>(
  name: K,
  options: RouteOptions,
  handle: (input: RouteInput<K>) => Promise<RouteResponse<K>>,
): ApiRoute {
  return { name, options, handle };
}
