import { clientEvents, type Problem } from '@parley/sdk/contract';
import type { Socket } from 'socket.io';
import type { Caller } from '../http/caller.ts';
import { ScopeMissing, SessionRequired } from '../http/http-errors.ts';
import { isLimitName, type LimitName } from '../http/limits-table.ts';
import type { Limiter } from '../http/middleware/rate-limit.ts';
import { parseInput } from '../http/parse-input.ts';
import { toProblem } from '../http/problem.ts';
import { defineError } from '../lib/app-error.ts';
import { uuidV7 } from '../lib/uuid-v7.ts';
import { withinScope } from '../observability/log-scope.ts';
import type { Logger } from '../observability/logger.ts';
import type { EventOutcome, SocketMetrics } from '../observability/metrics.ts';
import type { Tracer } from '../observability/tracing/tracer.ts';
import { memberOf, type SocketMember } from './socket-member.ts';
import type { SocketRoute } from './socket-route.ts';

const UnknownEvent = defineError('socket.unknown-event', 404, () => 'There is no such event.');
const TooManyEvents = defineError('socket.too-many-events', 429, () => 'This socket sends too many events.');

export interface DispatchOptions {
  /** What must be served. */
  contract: Partial<typeof clientEvents>;
  routes: readonly SocketRoute[];
  limiter: Limiter;
  log: Logger;
  metrics: SocketMetrics;
  tracer: Tracer;
}

type Answer = { ok: true; data: unknown } | { ok: false; error: Problem };

/** One listener for every event of every socket: budget → route → limit → parse → handler → ack. */
export function createDispatcher(options: DispatchOptions) {
  const routes = new Map<string, { route: SocketRoute; limit: LimitName }>();
  for (const route of options.routes) {
    if (routes.has(route.event)) throw new Error(`two modules serve the event ${route.event}`);
    const limit = route.options.limit ?? 'general';
    if (!isLimitName(limit)) throw new Error(`${route.event} names the unknown limit ${limit}`);
    routes.set(route.event, { route, limit });
  }
  const missing = Object.keys(options.contract).filter((event) => !routes.has(event));
  if (missing.length > 0) throw new Error(`nobody serves these socket events: ${missing.join(', ')}`);

  // Made once: under a flood the refusal must cost as little as possible.
  const refusal: Answer = { ok: false, error: toProblem(TooManyEvents(undefined, { retryAfter: 2 })).problem };

  async function serve(member: SocketMember, event: unknown, body: unknown): Promise<unknown> {
    const entry = typeof event === 'string' ? routes.get(event) : undefined;
    if (entry === undefined) throw UnknownEvent();
    const { route, limit } = entry;
    requireScope(member.caller, route.options.scope);
    await options.limiter.consume(limit, `user:${member.caller.userId}`);
    const input = parseInput<unknown>(clientEvents[route.event], body);
    const { caller } = member;
    return options.tracer.span(route.event, { kind: 'server', attributes: { 'user.id': caller.userId } }, () =>
      route.handle({ caller, socket: member, body: input }),
    );
  }

  /** Names come from clients, and each new one would be a new series. */
  function count(event: unknown, outcome: EventOutcome): void {
    options.metrics.event(typeof event === 'string' && routes.has(event) ? event : 'unknown', outcome);
  }

  /** For `socket.onAny`: socket.io hands over the socket as `this`. */
  return function onEvent(this: Socket, event: unknown, ...args: unknown[]): void {
    const member = memberOf(this);
    if (member === undefined) return;
    const last = args.at(-1);
    // Whoever wants no answer gets none.
    const ack = typeof last === 'function' ? (last as (answer: Answer) => void) : undefined;
    const verdict = member.budget.take(Date.now());
    if (verdict !== 'ok') {
      count(event, 'dropped');
      ack?.(refusal);
      if (verdict === 'disconnect') member.end();
      return;
    }
    const requestId = uuidV7();
    const body = ack === args[0] ? undefined : args[0];
    withinScope({ requestId, userId: member.caller.userId }, () => serve(member, event, body)).then(
      (data) => {
        count(event, 'ok');
        ack?.({ ok: true, data: data ?? null });
      },
      (error: unknown) => {
        const { problem, unexpected } = toProblem(error, requestId);
        count(event, unexpected ? 'failed' : 'refused');
        if (unexpected) {
          options.log.error({ err: error, requestId, userId: member.caller.userId, event }, 'A socket event failed');
        }
        ack?.({ ok: false, error: problem });
      },
    );
  };
}

function requireScope(caller: Caller, scope: SocketRoute['options']['scope']): void {
  if (caller.apiKeyId === undefined) return;
  if (scope === undefined) throw SessionRequired();
  if (caller.scopes?.includes(scope) !== true) throw ScopeMissing({ scope });
}
