import { createContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { Conversation } from '@parley/sdk/contract';
import { t } from '../../i18n/i18n.svelte.ts';
import { go, navigation } from '../../shell/navigation.svelte.ts';
import { announce } from '../../ui/announce.ts';
import { ConversationList } from './conversation-list.svelte.ts';
import { ListActs } from './list-acts.ts';
import { listRows, type ListRow } from './list-rows.ts';
import type { FollowingWire } from '../../api/wire.ts';
import { ConversationSearch } from './search.svelte.ts';

/** The sidebar: which list it shows, what is searched, renamed and selected. */
export class SidebarState {
  readonly search: ConversationSearch;
  #archived = $state(false);
  readonly list = $derived.by(() => new ConversationList(this.#wire, this.#archived));
  readonly acts = $derived.by(() => new ListActs(this.list, this.#wire.http));
  renaming = $state<string | null>(null);
  selecting = $state(false);
  readonly selected = new SvelteSet<string>();
  #now = $state.raw(new Date());
  readonly rows: readonly ListRow[] = $derived.by(() => listRows(this.list.all, this.#now));
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    this.search = new ConversationSearch(wire.http, (count) => announce(t('conversations.search-results', { count })));
  }

  get archived(): boolean {
    return this.#archived;
  }
  get currentId(): string | null {
    return navigation.path.startsWith('/chat/') ? (navigation.params['id'] ?? null) : null;
  }
  get chosen(): Conversation[] {
    return this.list.all.filter(({ id }) => this.selected.has(id));
  }

  /** Yesterday's chats leave Today without anybody doing anything. */
  watchClock(): () => void {
    const timer = setInterval(() => (this.#now = new Date()), 60_000);
    return () => clearInterval(timer);
  }

  show(archived: boolean): void {
    this.endSelecting();
    this.search.clear();
    this.#archived = archived;
  }

  toggle(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id);
  }

  endSelecting(): void {
    this.selecting = false;
    this.selected.clear();
  }

  async archive(conversations: readonly Conversation[]): Promise<void> {
    this.endSelecting();
    await this.acts.archive(conversations);
  }

  async delete(conversations: readonly Conversation[]): Promise<void> {
    this.endSelecting();
    const gone = this.acts.delete(conversations);
    if (conversations.some(({ id }) => id === this.currentId)) await go('/chat/new');
    await gone;
  }
}

export const [getSidebar, setSidebar] = createContext<SidebarState>();
