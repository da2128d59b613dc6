import type { ClusterJob } from '../../jobs/cluster-job.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { ConversationStore } from './conversation-store.ts';

/** How long a delete can be undone. The screen offers it for seconds, a person may notice the next day. */
const UNDO_MS = 24 * 60 * 60 * 1000;
/** Deleting a conversation deletes its messages; small portions keep locks short. */
const PORTION = 50;

export function purgeDeleted(store: ConversationStore, clock: Clock): ClusterJob {
  return {
    name: 'conversations.purge-deleted',
    cron: '*/10 * * * *',
    async run(signal) {
      const before = new Date(clock.now() - UNDO_MS);
      while (!signal.aborted && (await store.purge(before, PORTION)) === PORTION);
    },
  };
}
