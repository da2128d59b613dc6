/** The one function of the host, named by the wrapper around the bundle. It answers at once, with text, and never throws. */
declare const parleyHost: (operation: string, payload: string) => string;

import { HostError } from './host-error.ts';

/** Pure computations only (URL parsing, digests, randomness): no plugin rights are involved. */
export function compute(operation: string, payload: string): string {
  const answer = parleyHost(operation, payload);
  if (answer[0] === '+') return answer.slice(1);
  throw new HostError(answer === '-budget' ? 'host.budget' : 'host.invalid', `${operation} was refused`);
}
