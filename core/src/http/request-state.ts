import type { Context } from 'koa';
import type { Caller } from './caller.ts';
import type { ClientAddress } from './client-address.ts';

/** What the server has found out about a request; filled from the outside in. */
export interface RequestState extends ClientAddress {
  requestId: string;
  /** Template of the path, or the name of what serves it: what requests are counted by. */
  route: string;
  /** Null until proven, and for nobody. */
  caller: Caller | null;
}

export function requestState(ctx: Context): RequestState {
  return ctx.state;
}
