import type { Redis } from 'ioredis';

/** Should Redis go away between the word and its coming back. */
const FENCE_MS = 1_000;

type Listener = (body: string) => void;

/** Many listeners over one subscriber connection. Own words (they begin with our instance id) are not repeated to us. */
export function createSubscriptions(options: {
  subscriber: Redis;
  prefix: string;
  instanceId: string;
  report(error: unknown): void;
}) {
  const { subscriber, instanceId, report } = options;
  const fenceChannel = `${options.prefix}fence:${instanceId}`;
  let fenceHeard: Promise<unknown> | undefined;
  const listeners = new Map<string, Set<Listener>>();
  const fences = new Map<string, () => void>();
  let fenceCount = 0;

  const onMessage = (channel: string, message: string) => {
    if (channel === fenceChannel) {
      fences.get(message)?.();
      return;
    }
    const blank = message.indexOf(' ');
    if (message.slice(0, blank) === instanceId) return;
    const body = message.slice(blank + 1);
    for (const listener of listeners.get(channel) ?? []) {
      try {
        listener(body);
      } catch (error) {
        report(error);
      }
    }
  };
  subscriber.on('message', onMessage);

  function remove(channel: string, listener: Listener): void {
    const set = listeners.get(channel);
    if (set?.delete(listener) !== true || set.size > 0) return;
    listeners.delete(channel);
    subscriber.unsubscribe(channel).catch(report);
  }

  return {
    /** While Redis is away it resolves at once: whoever watches then sees only this instance's own. */
    async add(channel: string, listener: Listener): Promise<() => void> {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      const subscribed = subscriber.subscribe(channel).catch(report);
      if (subscriber.status === 'ready') await subscribed;
      return () => remove(channel, listener);
    },
    /**
     * A connection hears everything in the order it was said, whatever the channel: when our own word comes back, all
     * that was said before it has come too.
     */
    async fence(publish: (channel: string, message: string) => Promise<void>): Promise<void> {
      const word = String(++fenceCount);
      const back = Promise.withResolvers<void>();
      const giveUp = setTimeout(back.resolve, FENCE_MS);
      fences.set(word, back.resolve);
      const say = async () => {
        await (fenceHeard ??= subscriber.subscribe(fenceChannel));
        await publish(fenceChannel, word);
      };
      say().catch((error: unknown) => {
        // Without Redis nothing comes from elsewhere, so there is nothing to wait for.
        report(error);
        back.resolve();
      });
      await back.promise;
      clearTimeout(giveUp);
      fences.delete(word);
    },
    async close(): Promise<void> {
      subscriber.off('message', onMessage);
      const channels = [...listeners.keys(), fenceChannel];
      listeners.clear();
      if (subscriber.status === 'ready') await subscriber.unsubscribe(...channels).catch(report);
    },
  };
}
