import type { AdminUser } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import { navigation } from '../../../shell/navigation.svelte.ts';
import { announce } from '../../../ui/announce.ts';
import { Resource } from '../../../ui/resource.svelte.ts';
import { attempt } from '../attempt.ts';

type Role = AdminUser['role'];
export type RoleFilter = '' | Role;
export type StateFilter = '' | 'active' | 'suspended';

/** A pause in typing this long is meant as a question. */
const TYPING_PAUSE_MS = 250;
/** Where others link to, such as `/admin/users?state=suspended`. */
const path = '/admin/users';

export class PeopleList {
  q = $state(String(navigation.search['q'] ?? ''));
  role = $state<RoleFilter>(oneOf(navigation.search['role'], ['user', 'admin']));
  /** Id of a tier; empty: of any. */
  tier = $state(String(navigation.search['tier'] ?? ''));
  state = $state<StateFilter>(oneOf(navigation.search['state'], ['active', 'suspended']));
  readonly page = new Resource(() => this.#ask());
  #timer: ReturnType<typeof setTimeout> | undefined;

  get isNarrowed(): boolean {
    return this.q.trim() !== '' || this.role !== '' || this.tier !== '' || this.state !== '';
  }

  typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.narrow(), TYPING_PAUSE_MS);
  }

  /** After any change of what is looked for. The address says it too, so that it can be shared and gone back to. */
  narrow = async (): Promise<void> => {
    clearTimeout(this.#timer);
    const { q, role, tier, state } = this;
    const search = Object.fromEntries(
      Object.entries({ q: q.trim(), role, tier, state }).filter(([, value]) => value !== ''),
    );
    await Promise.all([this.page.load(), navigation.go(path, { search, replace: true, keepFocus: true })]);
    if (this.page.value) announce(this.#summary(this.page.value));
  };

  clear = (): void => {
    this.q = '';
    this.role = '';
    this.tier = '';
    this.state = '';
    void this.narrow();
  };

  more = async (): Promise<void> => {
    const { value } = this.page;
    if (!value?.nextCursor) return;
    const cursor = value.nextCursor;
    await attempt(async () => {
      const next = await this.#ask(cursor);
      this.page.set({ ...next, items: [...value.items, ...next.items] });
      announce(this.#summary({ ...next, items: [...value.items, ...next.items] }));
    });
  };

  /** What an act on somebody answered. */
  put(person: AdminUser): void {
    const { value } = this.page;
    if (!value) return;
    this.page.set({ ...value, items: value.items.map((one) => (one.id === person.id ? person : one)) });
  }

  #summary({ items, nextCursor }: { items: readonly unknown[]; nextCursor: string | null }): string {
    return t(nextCursor === null ? 'people.shown' : 'people.shown-first', { count: items.length });
  }

  #ask(cursor?: string) {
    const { role, tier, state } = this;
    const q = this.q.trim();
    return http('GET /api/admin/users', {
      query: {
        ...(q === '' ? {} : { q }),
        ...(role === '' ? {} : { role }),
        ...(tier === '' ? {} : { tier }),
        ...(state === '' ? {} : { suspended: state === 'suspended' ? 'true' : 'false' }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
  }
}

function oneOf<T extends string>(value: unknown, known: readonly T[]): T | '' {
  return known.find((one) => one === value) ?? '';
}
