import { EventEmitter } from 'node:events';

/**
 * Facts that modules tell each other inside one process. Each module adds its own by declaration merging in its
 * `<module>.events.ts`: `declare module "…/event-bus.ts" { interface DomainEvents { "conversation.changed": { … } } }`.
 */
// eslint-disable-next-line typescript/no-empty-object-type -- filled by the modules
export interface DomainEvents {
  /** The process is about to stop; nobody may start anything long. */
  'process.stopping': Record<string, never>;
}

export interface EventBus {
  emit<K extends keyof DomainEvents>(name: K, event: DomainEvents[K]): void;
  /** Returns the undo. A listener that throws is a bug of that listener: it is reported and stops nobody else. */
  on<K extends keyof DomainEvents>(name: K, listener: (event: DomainEvents[K]) => void): () => void;
}

export function createEventBus(report: (error: unknown, event: string) => void): EventBus {
  const emitter = new EventEmitter({ captureRejections: false });
  emitter.setMaxListeners(0);
  return {
    emit: (name, event) => void emitter.emit(name, event),
    on: (name, listener) => {
      const guarded = (event: DomainEvents[typeof name]) => {
        try {
          listener(event);
        } catch (error) {
          report(error, name);
        }
      };
      emitter.on(name, guarded);
      return () => void emitter.off(name, guarded);
    },
  };
}
