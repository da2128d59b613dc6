import type { AuditEntry } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { formatDate } from '../../../i18n/format.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import { navigation } from '../../../shell/navigation.svelte.ts';
import { announce } from '../../../ui/announce.ts';
import { Resource } from '../../../ui/resource.svelte.ts';
import { attempt } from '../attempt.ts';

/** What actions begin with, in the order people look for them. */
export const areas = [
  'user',
  'credits',
  'tier',
  'price',
  'code',
  'invitation',
  'connection',
  'model',
  'plugin',
  'hooks',
  'settings',
] as const;
export type Area = (typeof areas)[number];

const path = '/admin/audit';
const dayShape = /^\d{4}-\d{2}-\d{2}$/;

export class AuditLog {
  area = $state<Area | ''>(areas.find((area) => area === navigation.search['area']) ?? '');
  /** A user's id, or `system`. */
  by = $state(String(navigation.search['by'] ?? ''));
  /** Days as the person's own calendar has them. */
  from = $state(dayOf(navigation.search['from']));
  to = $state(dayOf(navigation.search['to']));
  person = $state(String(navigation.search['person'] ?? ''));
  readonly page = new Resource(() => this.#ask());
  readonly admins = new Resource(() => http('GET /api/admin/users', { query: { role: 'admin', limit: 100 } }));

  get isNarrowed(): boolean {
    return [this.area, this.by, this.from, this.to, this.person].some((value) => value !== '');
  }
  /** Of whom it is told only; empty when nothing on record says it. */
  get personName(): string {
    return this.page.value?.items.find(({ target }) => target.id === this.person)?.target.name ?? '';
  }
  get days(): { day: string; entries: AuditEntry[] }[] {
    const days: { day: string; entries: AuditEntry[] }[] = [];
    for (const entry of this.page.value?.items ?? []) {
      const day = formatDate(entry.createdAt, { dateStyle: 'full' });
      if (days.at(-1)?.day !== day) days.push({ day, entries: [] });
      days.at(-1)?.entries.push(entry);
    }
    return days;
  }

  /** After any change of what is looked for; the address says it too. */
  narrow = async (): Promise<void> => {
    const { area, by, from, to, person } = this;
    const search = Object.fromEntries(
      Object.entries({ area, by, from, to, person }).filter(([, value]) => value !== ''),
    );
    await Promise.all([this.page.load(), navigation.go(path, { search, replace: true, keepFocus: true })]);
    if (this.page.value) announce(t('audit.shown', { count: this.page.value.items.length }));
  };

  clear = (): void => {
    this.area = '';
    this.by = '';
    this.from = '';
    this.to = '';
    this.person = '';
    void this.narrow();
  };

  more = async (): Promise<void> => {
    const { value } = this.page;
    if (!value?.nextCursor) return;
    const cursor = value.nextCursor;
    await attempt(async () => {
      const next = await this.#ask(cursor);
      const items = [...value.items, ...next.items];
      this.page.set({ ...next, items });
      announce(t('audit.shown', { count: items.length }));
    });
  };

  #ask(cursor?: string) {
    const { area, by, from, to, person } = this;
    return http('GET /api/admin/audit', {
      query: {
        ...(area === '' ? {} : { action: area }),
        ...(by === '' ? {} : { actor: by }),
        ...(from === '' ? {} : { from: midnight(from, 0) }),
        ...(to === '' ? {} : { to: midnight(to, 1) }),
        ...(person === '' ? {} : { targetType: 'user', targetId: person }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
  }
}

function dayOf(value: unknown): string {
  return typeof value === 'string' && dayShape.test(value) ? value : '';
}

/** Where the day begins here, this many days later. */
function midnight(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}
