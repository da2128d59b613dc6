import type { AdminTransfer, TransferKind } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { go, navigation } from '../../../shell/navigation.svelte.ts';
import { Pages } from '../../../ui/pages.svelte.ts';

export const kinds = ['grant', 'hold', 'capture', 'release', 'refund', 'adjust'] as const satisfies TransferKind[];

/** All transfers, narrowed down; the address says how, so that others can link to it. */
export class LedgerList {
  kind = $state<TransferKind | ''>(kinds.find((kind) => kind === navigation.search['kind']) ?? '');
  userId = $state(asked('person'));
  turnId = $state(asked('turn'));
  readonly pages = new Pages<AdminTransfer>((cursor) => {
    const { kind, userId, turnId } = this.#filter();
    return http('GET /api/admin/ledger', { query: { cursor, kind, userId, turnId } });
  });

  get isNarrowed(): boolean {
    return this.kind !== '' || this.userId !== '' || this.turnId !== '';
  }

  narrow = async (): Promise<void> => {
    const wanted = { kind: this.kind, person: this.userId, turn: this.turnId.trim() };
    const search = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
    await Promise.all([
      this.pages.load(),
      go('/admin/credits', { search: { tab: 'ledger', ...search }, replace: true, keepFocus: true }),
    ]);
  };
  clear = (): Promise<void> => {
    this.kind = '';
    this.userId = '';
    this.turnId = '';
    return this.narrow();
  };

  #filter() {
    return {
      kind: this.kind || undefined,
      userId: this.userId || undefined,
      turnId: this.turnId.trim() || undefined,
    };
  }
}

function asked(name: string): string {
  const value = navigation.search[name];
  return value === undefined ? '' : String(value);
}
