import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ConnectionChange, ConnectionCreate, ProviderContribution } from '@parley/sdk/contract';
import type { z } from 'zod';
import type { SecretBox } from '../../lib/secret-box.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { type Audit, type AuditRecord, changedFields } from '../audit/index.ts';
import { checkSettings, type InstalledEntry, type PluginRegistry } from '../plugins/index.ts';
import type { ConnectionHealth } from './connection-health.ts';
import { clearDefaultOf, type DefaultModel } from './default-model.ts';
import { ProviderConnection, ProviderModel } from './provider.entity.ts';
import {
  ConnectionFixed,
  ConnectionNotFound,
  ProviderKindNotFound,
  SettingsInvalid,
  SlugTaken,
} from './providers.errors.ts';
import { secretPurpose } from './secret-purpose.ts';
import { freeSlug, slugFrom } from './slug.ts';

/** Something a plugin offers to connect to. */
export interface ProviderOffer {
  ref: string;
  plugin: InstalledEntry;
  offer: ProviderContribution;
}

export interface ConnectionsDeps {
  em(): EntityManager;
  registry: PluginRegistry;
  secretBox: SecretBox;
  health: ConnectionHealth;
  audit: Audit;
  defaultModel: DefaultModel;
  /** Tells all instances; the catalogue is read again when it returns. */
  changed(): Promise<void>;
}

export class ConnectionsService {
  readonly #deps: ConnectionsDeps;

  constructor(deps: ConnectionsDeps) {
    this.#deps = deps;
  }

  offers(): ProviderOffer[] {
    return this.#deps.registry.all().flatMap((plugin) =>
      plugin.package.manifest.contributes.providers.map((offer) => ({
        ref: `${plugin.package.manifest.id}/${offer.id}`,
        plugin,
        offer,
      })),
    );
  }

  async list(): Promise<{ connection: ProviderConnection; modelCount: number }[]> {
    const em = this.#deps.em();
    const connections = await em.find(ProviderConnection, {}, { orderBy: { createdAt: 'asc', id: 'asc' } });
    const models = await em.find(ProviderModel, {});
    return connections.map((connection) => ({
      connection,
      modelCount: models.filter((model) => model.connection.id === connection.id).length,
    }));
  }

  async get(id: string): Promise<ProviderConnection> {
    return this.#find(this.#deps.em(), id);
  }

  async create(input: z.output<typeof ConnectionCreate>, by: string | null = null): Promise<ProviderConnection> {
    const { offer } = this.#offer(input.provider);
    if (!offer.configurable) throw ConnectionFixed();
    const em = this.#deps.em();
    const taken = new Set((await em.find(ProviderConnection, {})).map((row) => row.slug));
    if (input.slug !== undefined && taken.has(input.slug)) throw SlugTaken({ slug: input.slug });
    const id = uuidV7();
    const connection = em.create(ProviderConnection, {
      id,
      provider: input.provider,
      slug: input.slug ?? freeSlug(slugFrom(input.name), taken),
      name: input.name,
      enabled: input.enabled,
      settings: this.#settings(offer, input.settings),
      secrets: this.#seal(id, offer, input.secrets),
      createdAt: new Date(),
    });
    this.#deps.audit.add(em, recordOf(connection, 'connection.created', by));
    await em.flush().catch((error: unknown) => {
      if (error instanceof UniqueConstraintViolationException) throw SlugTaken({ slug: connection.slug });
      throw error;
    });
    await this.#deps.changed();
    return connection;
  }

  async change(
    id: string,
    change: z.output<typeof ConnectionChange>,
    by: string | null = null,
  ): Promise<ProviderConnection> {
    const em = this.#deps.em();
    const connection = await this.#find(em, id);
    const { name, enabled, settings } = connection;
    const before = { name, enabled, settings };
    const { offer } = this.#offer(connection.provider);
    if (change.name !== undefined) connection.name = change.name;
    if (change.enabled !== undefined) connection.enabled = change.enabled;
    const isOther = change.settings !== undefined || change.secrets !== undefined;
    if (isOther) connection.lastTest = null;
    if (change.settings !== undefined) connection.settings = this.#settings(offer, change.settings);
    if (change.secrets !== undefined) connection.secrets = this.#changeSecrets(connection, offer, change.secrets);
    const fields = fieldsOf(before, connection, change);
    if (fields.length > 0) this.#deps.audit.add(em, recordOf(connection, 'connection.changed', by, { fields }));
    await em.flush();
    if (isOther) this.#deps.health.forget(id);
    await this.#deps.changed();
    return connection;
  }

  /** Kept, so that every instance knows of it, and after a restart too. */
  async tested(connection: ProviderConnection, test: { ok: boolean; detail: string | null }): Promise<void> {
    // What was changed while the test ran has not been tested.
    const kept = await this.#deps.em().execute<unknown[]>(
      `update provider_connection set last_test = ?::jsonb
       where id = ? and settings = ?::jsonb and secrets = ?::jsonb returning id`,
      [JSON.stringify(test), connection.id, JSON.stringify(connection.settings), JSON.stringify(connection.secrets)],
      'all',
    );
    if (kept.length > 0) this.#deps.health.tested(connection.id, test);
  }

  async remove(id: string, by: string | null = null): Promise<void> {
    const em = this.#deps.em();
    const connection = await this.#find(em, id);
    const kind = this.offers().find((one) => one.ref === connection.provider);
    if (kind !== undefined && !kind.offer.configurable) throw ConnectionFixed();
    const models = await em.find(ProviderModel, { connection });
    await clearDefaultOf(
      this.#deps.defaultModel,
      models.map((model) => model.publicId),
      by,
    );
    await em.transactional(async (tx) => {
      await tx.nativeDelete(ProviderConnection, { id });
      this.#deps.audit.add(tx, recordOf(connection, 'connection.removed', by, { models: models.length }));
    });
    await this.#deps.changed();
  }

  #offer(ref: string): ProviderOffer {
    const found = this.offers().find((one) => one.ref === ref);
    if (found === undefined) throw ProviderKindNotFound({ provider: ref });
    return found;
  }

  async #find(em: EntityManager, id: string): Promise<ProviderConnection> {
    const connection = await em.findOne(ProviderConnection, { id });
    if (connection === null) throw ConnectionNotFound();
    return connection;
  }

  #settings(offer: ProviderContribution, settings: Record<string, unknown>): Record<string, unknown> {
    const checked = checkSettings(offer.settings, settings);
    if (!checked.ok) throw SettingsInvalid(undefined, { errors: checked.problems });
    return checked.settings;
  }

  #changeSecrets(
    connection: ProviderConnection,
    offer: ProviderContribution,
    change: Record<string, string | null>,
  ): Record<string, string> {
    const given = Object.fromEntries(
      Object.entries(change).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    );
    const kept = Object.entries(connection.secrets).filter(([name]) => change[name] !== null);
    return { ...Object.fromEntries(kept), ...this.#seal(connection.id, offer, given) };
  }

  #seal(connectionId: string, offer: ProviderContribution, secrets: Record<string, string>): Record<string, string> {
    const unknown = Object.keys(secrets).find((name) => !offer.secrets.includes(name));
    if (unknown !== undefined) {
      const problem = { path: `secrets.${unknown}`, code: 'unknown', message: 'is not a secret this provider takes' };
      throw SettingsInvalid(undefined, { errors: [problem] });
    }
    return Object.fromEntries(
      Object.entries(secrets)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => [name, this.#deps.secretBox.seal(value.trim(), secretPurpose(connectionId, name))]),
    );
  }
}

/** Settings by their own names, and secrets by theirs: what they hold is nobody's business here. */
function fieldsOf(
  before: Pick<ProviderConnection, 'name' | 'enabled' | 'settings'>,
  { name, enabled, settings }: ProviderConnection,
  { secrets = {} }: z.output<typeof ConnectionChange>,
): string[] {
  return [
    ...changedFields({ name: before.name, enabled: before.enabled }, { name, enabled }),
    ...changedFields(before.settings, settings).map((field) => `settings.${field}`),
    ...Object.keys(secrets).map((field) => `secrets.${field}`),
  ];
}

function recordOf(
  { id, name, provider }: ProviderConnection,
  action: string,
  by: string | null,
  data: Record<string, unknown> = {},
): AuditRecord {
  return { actorId: by, action, targetType: 'connection', targetId: id, data: { name, provider, ...data } };
}
