import type { z } from 'zod';

/** Who may call: anybody, a signed-in person (session cookie or API key with the scope), or an admin. */
export type RouteAccess = 'public' | 'user' | 'admin';

export interface RouteDefinition {
  summary: string;
  access: RouteAccess;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Absent: 204 without a body. */
  response?: z.ZodType;
  /** Of a success; 200 (204 without a response) unless said. */
  status?: number;
  /** Set when the answer is not JSON, such as `text/event-stream`. */
  produces?: string;
}

/** `METHOD /path/:param`: the name of a route on the wire, in the client, in OpenAPI and in tests. */
export type RouteName = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** Keeps the literal types of a route table. */
export function defineRoutes<const T extends Record<RouteName, RouteDefinition>>(routes: T): T {
  return routes;
}
