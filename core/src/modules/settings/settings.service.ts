import { InstanceSettings } from '@parley/sdk/contract';
import type { EventBus } from '../../events/event-bus.ts';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import type { Logger } from '../../observability/logger.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import { type Audit, changesBetween } from '../audit/index.ts';

export interface SettingsDeps {
  database: Database;
  audit: Audit;
  changes: ChangeFeed;
  events: EventBus;
  log: Logger;
}

const topic = 'settings';

/** Sign-up starts with invitations: an installation that is reachable before its admin looked at it must not be open. */
export const defaultSettings: InstanceSettings = {
  instanceName: 'Parley',
  signUp: 'invitation',
  defaultModel: null,
  modelTitles: false,
  topUpUrl: null,
};

/** Settings of the installation, one row for each that was changed. Read from memory; every instance hears of changes. */
export class SettingsService {
  readonly #deps: SettingsDeps;
  #settings: InstanceSettings = defaultSettings;
  #stopListening: () => void = () => {};
  /** Two looks side by side may end in the other order, and the older one would stand. */
  readonly #read = oneAtATime(() => this.#look());

  constructor(deps: SettingsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.#read();
    this.#stopListening = this.#deps.changes.on(topic, () => {
      this.#read().catch((error: unknown) => this.#deps.log.error({ err: error }, 'Settings could not be read again'));
    });
  }

  stop(): void {
    this.#stopListening();
  }

  current(): InstanceSettings {
    return this.#settings;
  }

  /** `by` null: the system itself. */
  async change(change: Partial<InstanceSettings>, by: string | null = null): Promise<InstanceSettings> {
    const { audit, database } = this.#deps;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const changes = changesBetween(this.#settings, given);
    await inTransaction(database.pool, async (client) => {
      await client.query(
        `insert into settings (key, value) select key, value from jsonb_each($1::jsonb)
         on conflict (key) do update set value = excluded.value, updated_at = now()`,
        [JSON.stringify(given)],
      );
      if (Object.keys(changes).length === 0) return;
      const target = { targetType: 'settings', targetId: 'instance' };
      await audit.record(client, { actorId: by, action: 'settings.changed', ...target, data: { changes } });
    });
    await this.#read();
    await this.#deps.changes.announce(topic);
    return this.#settings;
  }

  async #look(): Promise<void> {
    const { rows } = await this.#deps.database.pool.query<{ key: string; value: unknown }>(
      'select key, value from settings',
    );
    const next = this.#merge(rows);
    if (JSON.stringify(next) === JSON.stringify(this.#settings)) return;
    this.#settings = next;
    this.#deps.events.emit('settings.changed', { settings: next });
  }

  /** A row of a later or broken version must not keep Parley from starting: it counts as not set. */
  #merge(rows: { key: string; value: unknown }[]): InstanceSettings {
    const shape = InstanceSettings.shape;
    const merged: Record<string, unknown> = { ...defaultSettings };
    for (const { key, value } of rows) {
      if (!Object.hasOwn(shape, key)) continue;
      const parsed = shape[key as keyof InstanceSettings].safeParse(value);
      if (parsed.success) merged[key] = parsed.data;
      else this.#deps.log.warn({ setting: key }, 'A stored setting is not usable; its default holds');
    }
    return merged as InstanceSettings;
  }
}
