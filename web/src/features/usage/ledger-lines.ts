import type { Transfer } from '@parley/sdk/contract';

/** A line of the ledger as its owner sees it: the lock, charge and release of one reply are one. */
export interface LedgerLine {
  id: string;
  kind: 'reply' | 'grant' | 'refund' | 'adjust';
  /** What it did to all that somebody has, locked or not: positive gave, negative took. */
  change: number;
  /** Still locked: the reply is being written. */
  locked: number;
  turnId: string | null;
  reason: string | null;
  at: string;
}

/** `isWhole`: nothing older is left to load. A reply whose beginning is not loaded yet is not told: it would be told wrongly. */
export function ledgerLines(transfers: readonly Transfer[], isWhole: boolean): LedgerLine[] {
  const lines: LedgerLine[] = [];
  const replies = new Map<string, LedgerLine>();
  const begun = new Set<string>();
  for (const { id, kind, to, amount, turnId, reason, createdAt } of transfers) {
    if (kind === 'grant' || kind === 'refund' || kind === 'adjust') {
      lines.push({ id, kind, change: to === 'available' ? amount : -amount, locked: 0, turnId, reason, at: createdAt });
      continue;
    }
    const key = turnId ?? id;
    const line = replies.get(key) ?? { id, kind: 'reply', change: 0, locked: 0, turnId, reason: null, at: createdAt };
    if (!replies.has(key)) lines.push(line);
    replies.set(key, line);
    if (kind === 'capture') line.change -= amount;
    line.locked += kind === 'hold' ? amount : -amount;
    if (kind === 'hold') begun.add(key);
  }
  return isWhole ? lines : lines.filter((line) => line.kind !== 'reply' || begun.has(line.turnId ?? line.id));
}
