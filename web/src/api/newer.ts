import type { Conversation } from '@parley/sdk/contract';

/** Of two readings of a chat the later one: answers and events travel on ways of their own. */
export function newer<T extends Pick<Conversation, 'revision'>>(known: T | null | undefined, told: T): T {
  return known && known.revision > told.revision ? known : told;
}
