import type { Connection, ProviderKind } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import { readSchema, type GroupNode, type JsonObject } from '../../../ui/schema-form/schema.ts';
import { problemsOf, withDefaults } from '../../../ui/schema-form/schema-values.ts';
import { Submission } from '../../../ui/submission.svelte.ts';

const nothing: GroupNode = readSchema({ type: 'object', properties: {} });

/** A connection while it is added or edited. */
export class ConnectionForm {
  readonly submission = new Submission();
  readonly existing: Connection | null;
  readonly #kinds: readonly ProviderKind[];
  kindRef = $state('');
  name = $state('');
  settings = $state.raw<JsonObject>({});
  /** What was typed; an empty one is left as it is. */
  secrets = $state<Record<string, string>>({});
  /** Kept ones that are to be removed. */
  removed = $state.raw<readonly string[]>([]);
  readonly kind = $derived.by(() => this.#kinds.find(({ ref }) => ref === this.kindRef));
  readonly group = $derived.by(() => (this.kind?.settingsSchema ? readSchema(this.kind.settingsSchema) : nothing));

  constructor(kinds: readonly ProviderKind[], existing: Connection | null) {
    this.existing = existing;
    // What cannot be set up twice is not offered.
    this.#kinds = existing ? kinds : kinds.filter(({ configurable }) => configurable);
    this.choose(existing?.provider ?? this.#kinds[0]?.ref ?? '');
    this.name = existing?.name ?? '';
  }

  get kinds(): readonly ProviderKind[] {
    return this.#kinds;
  }

  choose(ref: string): void {
    this.kindRef = ref;
    this.settings = withDefaults(this.group, this.existing?.settings);
    this.secrets = {};
    this.submission.check({});
  }

  isKept(secret: string): boolean {
    return this.existing?.secretsSet.includes(secret) === true && !this.removed.includes(secret);
  }

  /** The connection as the server has it now; undefined when something was refused. */
  async save(): Promise<Connection | undefined> {
    const needed = (this.kind?.secrets ?? []).filter(({ name, optional }) => !optional && !this.isKept(name));
    const good = this.submission.check({
      name: this.name.trim() === '' ? t('fields.required') : undefined,
      ...problemsOf(this.group, this.settings, 'settings'),
      ...Object.fromEntries(
        needed.map(({ name }) => [`secrets.${name}`, this.secrets[name] ? undefined : t('fields.required')]),
      ),
    });
    return good ? this.submission.run(() => this.#send()) : undefined;
  }

  #send(): Promise<Connection> {
    const { name, settings } = this;
    const typed = Object.fromEntries(Object.entries(this.secrets).filter(([, value]) => value !== ''));
    if (!this.existing)
      return http('POST /api/admin/connections', { body: { provider: this.kindRef, name, settings, secrets: typed } });
    const gone = Object.fromEntries(this.removed.map((secret) => [secret, null]));
    const params = { id: this.existing.id };
    return http('PATCH /api/admin/connections/:id', {
      params,
      body: { name, settings, secrets: { ...gone, ...typed } },
    });
  }
}
