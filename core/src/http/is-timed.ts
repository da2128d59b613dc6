import { routes as contract } from '@parley/sdk/contract';

/** Streams last as long as what they carry, which says nothing of how fast the API is. */
export function isTimed(route: string, method: string): boolean {
  const name = `${method} ${route}`;
  return Object.hasOwn(contract, name) && !('produces' in contract[name as keyof typeof contract]);
}
