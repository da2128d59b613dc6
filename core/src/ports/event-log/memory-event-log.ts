import type { Clock } from '../clock/clock.ts';
import { KEPT_AFTER_END_MS, KEPT_EVENTS, type EventLog, type NumberedFrame } from './event-log.ts';

interface Stream<E> {
  events: E[];
  /** Null while it runs. */
  endedAt: number | null;
}

/** For one process: there is nobody else to tell. */
export function createMemoryEventLog<F extends NumberedFrame>(clock: Clock): EventLog<F> {
  type E = F['events'][number];
  const streams = new Map<string, Stream<E>>();
  /** In the order they ended, so that the oldest come first. */
  const ended = new Map<string, Stream<E>>();

  function forgetEnded(): void {
    const before = clock.now() - KEPT_AFTER_END_MS;
    for (const [name, stream] of ended) {
      if (stream.endedAt! > before) return;
      ended.delete(name);
      streams.delete(name);
    }
  }

  return {
    append(name, _channel, frame) {
      let stream = streams.get(name);
      if (stream === undefined) streams.set(name, (stream = { events: [], endedAt: null }));
      for (const event of frame.events) stream.events.push(event);
      // In portions: cutting one event off the front each time would copy the whole list each time.
      if (stream.events.length >= 2 * KEPT_EVENTS) stream.events.splice(0, stream.events.length - KEPT_EVENTS);
    },
    async read(name, afterSeq) {
      const stream = streams.get(name);
      const first = stream?.events[0]?.seq;
      if (stream === undefined || first === undefined || first > afterSeq + 1) return null;
      return stream.events.slice(afterSeq + 1 - first);
    },
    end(name) {
      forgetEnded();
      const stream = streams.get(name);
      if (stream === undefined) return;
      stream.endedAt = clock.now();
      ended.set(name, stream);
    },
    watch: async () => () => undefined,
    caughtUp: async () => undefined,
    signal: async () => false,
    onSignal: async () => () => undefined,
    async close() {
      streams.clear();
      ended.clear();
    },
  };
}
