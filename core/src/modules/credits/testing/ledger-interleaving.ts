import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { expect } from 'vitest';
import { LedgerLine } from './ledger-line.ts';
import { type Answer, LedgerModel, type Operation } from './ledger-model.ts';

const LINES = 4;
const PEOPLE = 3;

/** What happens next on a line: an idle one begins something, one that has its answer ends so or so. */
export interface Step {
  line: number;
  kind: Operation['kind'];
  /** Picks persons, turns and earlier keys. */
  pick: number;
  amount: number;
  /** With a key or a turn that was used before. */
  isRetry: boolean;
  fate: 'commit' | 'rollback' | 'crash';
}

export const someSteps = fc.array(
  fc.record<Step>({
    line: fc.nat(LINES - 1),
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constant('hold' as const) },
      { weight: 6, arbitrary: fc.constant('settle' as const) },
      { weight: 3, arbitrary: fc.constantFrom('expire' as const, 'age' as const, 'renew' as const) },
      { weight: 6, arbitrary: fc.constantFrom('move' as const, 'refund' as const) },
    ),
    pick: fc.nat(10_000),
    amount: fc.integer({ min: 0, max: 400 }),
    isRetry: fc.boolean(),
    fate: fc.oneof(
      { weight: 17, arbitrary: fc.constant('commit' as const) },
      { weight: 2, arbitrary: fc.constant('rollback' as const) },
      { weight: 1, arbitrary: fc.constant('crash' as const) },
    ),
  }),
  // Each ends on average one step after it began.
  { minLength: 120, maxLength: 240 },
);

/** Everybody has something to begin with: begun, and then committed. */
const opening: Omit<Step, 'pick'> = { line: 0, kind: 'move', amount: 500, isRetry: false, fate: 'commit' };

/**
 * Plays steps on several connections at once, always in the same order: before each one, whatever is under way has its
 * answer or waits for a lock. After each one the ledger is compared with the model.
 */
export class LedgerInterleaving {
  readonly #lines: LedgerLine[];
  readonly #watch: Client;
  commands = 0;
  /** Of them, those that had to wait for another. */
  waits = 0;
  /** How often what came of them. */
  readonly outcomes: Record<string, number> = {};

  constructor(url: string) {
    this.#lines = Array.from({ length: LINES }, () => new LedgerLine(url));
    this.#watch = new Client({ connectionString: url });
  }

  async open(): Promise<void> {
    await this.#watch.connect();
    await Promise.all(this.#lines.map((line) => line.open()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    await this.#watch.end();
  }

  async play(steps: readonly Step[]): Promise<void> {
    const run = new Run();
    try {
      for (const pick of run.people.keys())
        for (let turn = 0; turn < 2; turn += 1) await this.#step(run, { ...opening, pick });
      for (const step of steps) await this.#step(run, step);
    } finally {
      // Whatever is open is cut off, or the next run would wait for it.
      for (const line of this.#lines) if (line.operation !== null) await line.cut(this.#watch);
    }
    await this.#compare(run);
    // What is left over must not expire in the next run.
    await this.#watch.query(`update credit_hold set expires_at = 'infinity' where user_id = any($1)`, [run.people]);
  }

  async #step(run: Run, step: Step): Promise<void> {
    const line = this.#lines[step.line]!;
    if (line.operation === null) {
      const isAlone = this.#lines.every(({ operation }) => operation === null);
      line.begin(run.operation(step, isAlone));
      this.#noteTouched(run);
      this.commands += 1;
      await this.#settleDown(run);
      if (line.isWaiting) this.waits += 1;
      return;
    }
    this.#noteTouched(run);
    const effect = run.effects.get(line);
    if (step.fate === 'crash') await line.cut(this.#watch);
    else if (line.isWaiting) return;
    else if (effect === undefined) expect.unreachable('an answer was not judged');
    else {
      const isRefused = 'refused' in line.answer!;
      const came = `${line.operation.kind} ${outcome(line.answer!)}`;
      this.outcomes[came] = (this.outcomes[came] ?? 0) + 1;
      const how = isRefused ? 'rollback' : step.fate;
      await line.end(how);
      if (how === 'commit') effect();
    }
    run.effects.delete(line);
    await this.#settleDown(run);
    await this.#compare(run);
  }

  /** Until every line that is under way has its answer, or waits for a lock. */
  async #settleDown(run: Run): Promise<void> {
    for (;;) {
      if (!this.#lines.some((line) => line.isWaiting)) break;
      await this.#answered();
      const waiting = this.#lines.filter((line) => line.isWaiting);
      if (waiting.length === 0) break;
      const { rows } = await this.#watch.query<{ pid: number }>({
        name: 'blocked',
        text: 'select distinct pid from pg_locks where not granted and pid = any($1)',
        values: [waiting.map(({ pid }) => pid)],
      });
      const blocked = new Set(rows.map(({ pid }) => pid));
      if (waiting.every((line) => !line.isWaiting || blocked.has(line.pid))) break;
    }
    for (const line of this.#lines) {
      if (line.fault !== undefined && line.operation !== null) throw this.#explain(line);
      if (line.answer === undefined || line.operation === null || run.effects.has(line)) continue;
      run.effects.set(line, run.model.judge(line.operation, line.answer, line.passedOver));
    }
  }

  /** Before anything moves on: an expiry that waits has passed over what others held meanwhile. */
  #noteTouched(run: Run): void {
    for (const line of this.#lines.filter(({ isWaiting }) => isWaiting)) {
      for (const other of this.#lines)
        if (other !== line) for (const turn of turnsOf(other, run.model)) line.passedOver.add(turn);
    }
  }

  #explain(line: LedgerLine): Error {
    const told = this.#lines.map(({ operation, answer }, index) => ({
      line: index,
      operation,
      isAnswered: answer !== undefined,
    }));
    const story = JSON.stringify(told, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
    return new Error(`the ledger failed at line ${this.#lines.indexOf(line)} of ${story}`, { cause: line.fault });
  }

  /** A moment for those that need not wait for anybody, which are most. */
  async #answered(): Promise<void> {
    const waiting = this.#lines.filter((line) => line.isWaiting);
    await Promise.race([Promise.all(waiting.map(({ answered }) => answered)), pause(5)]);
  }

  async #compare({ model, people }: Run): Promise<void> {
    const { rows } = await this.#watch.query<{
      accounts: string[] | null;
      holds: string[] | null;
      transfers: string[] | null;
    }>({
      name: 'compared',
      text: `select
        (select array_agg(concat_ws(' ', user_id, available, held)) from credit_account where user_id = any($1)) as accounts,
        (select array_agg(concat_ws(' ', turn_id, user_id, state, amount, captured, refunded))
         from credit_hold where user_id = any($1)) as holds,
        (select array_agg(concat_ws(' ', user_id, kind, amount)) from credit_transfer where user_id = any($1)) as transfers`,
      values: [people],
    });
    const stored = rows[0]!;
    const accounts = [...model.balances].map(([userId, { available, held }]) => `${userId} ${available} ${held}`);
    const holds = [...model.holds].map(
      ([turnId, { userId, state, amount, captured, refunded }]) =>
        `${turnId} ${userId} ${state} ${amount} ${captured} ${refunded}`,
    );
    expectSame(stored.accounts, accounts);
    expectSame(stored.holds, holds);
    expectSame(stored.transfers, model.transfers);
    for (const { available, held } of model.balances.values()) {
      expect(available >= 0n && held >= 0n).toBe(true);
    }
  }
}

function outcome(answer: Answer): string {
  if ('refused' in answer) return answer.refused;
  if ('resolved' in answer) return answer.resolved.length === 0 ? 'of nothing' : 'done';
  if ('moved' in answer) return answer.moved === null ? 'known' : 'done';
  if (!('refunded' in answer)) return 'done';
  return answer.refunded === null ? 'known' : 'account' in answer.refunded ? 'done' : 'of too much';
}

/** Turns an open transaction may have locked. */
function turnsOf({ operation, answer, isWaiting }: LedgerLine, model: LedgerModel): string[] {
  // One that waits for an account has its holds already; which they are it has not told.
  if (operation?.kind === 'expire' && isWaiting) return [...model.holds.keys()];
  if (answer !== undefined && 'resolved' in answer) return answer.resolved.map(({ turnId }) => turnId);
  if (operation?.kind === 'settle') return operation.ends.map(({ turnId }) => turnId);
  return operation !== null && 'turnId' in operation ? [operation.turnId] : [];
}

/** One play: people and ids of its own, which count up, so that locks are taken in the same order whenever it is played. */
class Run {
  readonly model = new LedgerModel();
  readonly effects = new Map<LedgerLine, () => void>();
  readonly people: readonly string[];
  readonly #prefix = randomUUID().slice(0, 23);
  readonly #turns: { turnId: string; userId: string }[] = [];
  readonly #moves: Extract<Operation, { kind: 'move' }>[] = [];
  readonly #refunds: Extract<Operation, { kind: 'refund' }>[] = [];
  #ids = 0;

  constructor() {
    this.people = Array.from({ length: PEOPLE }, () => this.#nextId());
  }

  /**
   * A turn's hold is tried again only where nothing else is under way: turn ids are made anew for every admission, and
   * PostgreSQL makes the second insert of one that is just being resolved wait for that, its account locked already.
   */
  operation({ kind, pick, amount: given, isRetry }: Step, isAlone: boolean): Operation {
    const amount = BigInt(given);
    switch (kind) {
      case 'hold': {
        const again = isRetry && isAlone ? at(this.#turns, pick) : undefined;
        // Now and then for two people at once, as under load.
        const count = pick % 4 === 0 ? 2 : 1;
        const fresh = () =>
          Array.from({ length: count }, (_, index) => ({
            turnId: this.#nextId(),
            userId: at(this.people, pick + index)!,
          }));
        const turns = again === undefined ? fresh() : [again];
        if (again === undefined) this.#turns.push(...turns);
        return { kind, holds: turns.map((turn) => ({ ...turn, amount: amount + 1n })) };
      }
      case 'settle': {
        const known = this.#lately();
        const turns = new Set([pick, pick + 1, pick + 5].slice(0, 1 + (pick % 3)).map((index) => at(known, index)));
        const ends = [...turns].map((turnId) => ({ turnId: turnId ?? this.#nextId(), charge: isRetry ? 0n : amount }));
        return { kind, ends };
      }
      case 'expire':
        return { kind };
      case 'renew':
      case 'age':
        return { kind, turnId: this.#someTurn(pick) };
      case 'move': {
        const again = isRetry ? at(this.#moves, pick) : undefined;
        if (again !== undefined) return again;
        const isAdjust = pick > PEOPLE && pick % 3 === 0;
        const fresh: Extract<Operation, { kind: 'move' }> = {
          kind,
          userId: at(this.people, pick)!,
          movement: isAdjust ? 'adjust' : 'grant',
          amount: isAdjust ? -amount - 1n : amount * 3n + 1n,
          key: `${kind}:${this.#nextId()}`,
        };
        this.#moves.push(fresh);
        return fresh;
      }
      case 'refund': {
        const again = isRetry ? at(this.#refunds, pick) : undefined;
        if (again !== undefined) return again;
        const charged = this.#lately('captured');
        const turnId = at(charged, pick) ?? this.#someTurn(pick);
        const fresh: Extract<Operation, { kind: 'refund' }> = {
          kind,
          turnId,
          amount: pick % 2 === 0 ? null : amount,
          key: `${kind}:${turnId}:${this.#nextId()}`,
        };
        this.#refunds.push(fresh);
        return fresh;
      }
    }
  }

  #someTurn(pick: number): string {
    return at(this.#lately(), pick) ?? this.#nextId();
  }

  /** Few, so that what is done at the same time is often done to the same. */
  #lately(state?: 'captured'): string[] {
    const holds = [...this.model.holds].filter(([, hold]) => state === undefined || hold.state === state);
    return holds.slice(-4).map(([turnId]) => turnId);
  }

  #nextId(): string {
    this.#ids += 1;
    return `${this.#prefix}-${this.#ids.toString(16).padStart(12, '0')}`;
  }
}

/** Most of the time they are equal, which is found out faster than `expect` does. */
function expectSame(stored: readonly string[] | null, modelled: readonly string[]): void {
  const [one, other] = [(stored ?? []).toSorted(), modelled.toSorted()];
  if (one.join() !== other.join()) expect(one).toEqual(other);
}

function at<T>(list: readonly T[], index: number): T | undefined {
  return list[index % list.length];
}
