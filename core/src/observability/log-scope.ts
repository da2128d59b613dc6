import { AsyncLocalStorage } from 'node:async_hooks';

/** Whom and what the work at hand concerns. */
export interface LogScope {
  requestId?: string;
  turnId?: string;
  userId?: string;
  traceId?: string;
}

/**
 * The one thing that is not passed as an argument: ids follow the work itself, so that a line written far below, by somebody
 * who knows nothing of requests and turns, still says for whom it was.
 */
const scopes = new AsyncLocalStorage<LogScope>();

/** Everything that `work` starts concerns these too. */
export function withinScope<T>(ids: LogScope, work: () => T): T {
  return scopes.run({ ...scopes.getStore(), ...ids }, work);
}

/** What has been found out since the work at hand began. */
export function addToScope(ids: LogScope): void {
  Object.assign(scopes.getStore() ?? {}, ids);
}

export function currentScope(): LogScope | undefined {
  return scopes.getStore();
}
