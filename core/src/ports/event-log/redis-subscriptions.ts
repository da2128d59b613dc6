import type { Redis } from 'ioredis';

type Listener = (body: string) => void;

/** Many listeners over one subscriber connection. Own words (they begin with our instance id) are not repeated to us. */
export function createSubscriptions(subscriber: Redis, instanceId: string, report: (error: unknown) => void) {
  const listeners = new Map<string, Set<Listener>>();

  const onMessage = (channel: string, message: string) => {
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
    async close(): Promise<void> {
      subscriber.off('message', onMessage);
      const channels = [...listeners.keys()];
      listeners.clear();
      if (channels.length > 0 && subscriber.status === 'ready') await subscriber.unsubscribe(...channels).catch(report);
    },
  };
}
