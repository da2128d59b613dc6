import type { InstanceSettings } from '@parley/sdk/contract';

declare module '../../events/event-bus.ts' {
  interface DomainEvents {
    /** Here or on another instance; `settings` is what holds from now on. */
    'settings.changed': { settings: InstanceSettings };
  }
}
