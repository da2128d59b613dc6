import type { PoolClient } from 'pg';
import type { AppError } from '../../lib/app-error.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Booked, SettledCredits, TurnCredits, WantedTurn } from '../credits/index.ts';
import { quotaRefused, type Quota, type QuotaUse } from '../limits/index.ts';
import type { TurnResult } from './settle-turns.ts';

/** What a turn takes beside itself: of its person's quota, and of his credits unless the model is free. */
export interface TurnClaim {
  use: QuotaUse;
  hold: WantedTurn | null;
  timeZone: string;
}

/**
 * Credits and quota, in the transactions that admit and settle turns. Always after the rows of turn, message and
 * conversation: with one order for all, no two transactions wait for each other.
 */
export class TurnBooks {
  readonly #credits: TurnCredits;
  readonly #quota: Quota;
  readonly #clock: Clock;

  constructor(deps: { credits: TurnCredits; quota: Quota; clock: Clock }) {
    this.#credits = deps.credits;
    this.#quota = deps.quota;
    this.#clock = deps.clock;
  }

  /** Null for each that may begin; its credits are locked then. `booked` goes to `tell` after the commit. */
  async admit(
    client: PoolClient,
    claims: readonly TurnClaim[],
  ): Promise<{ refusals: (AppError | null)[]; booked: Booked }> {
    const refusals: (AppError | null)[] = claims.map(() => null);
    const passing = () => claims.flatMap((claim, at) => (refusals[at] === null ? { claim, at } : []));

    const priced = passing().flatMap(({ claim: { hold }, at }) => (hold === null ? [] : { hold, at }));
    const affordable = await this.#credits.judge(
      client,
      priced.map(({ hold }) => hold),
    );
    for (const [index, { at }] of priced.entries()) refusals[at] = affordable[index] ?? null;

    const counted = passing();
    const spent = await this.#quota.take(
      client,
      counted.map(({ claim }) => claim.use),
    );
    for (const [index, { claim, at }] of counted.entries()) {
      const refusal = spent[index] ?? null;
      if (refusal !== null) refusals[at] = quotaRefused(refusal, this.#clock.now(), claim.timeZone);
    }

    const holds = passing().flatMap(({ claim: { hold } }) => hold ?? []);
    return { refusals, booked: await this.#credits.place(client, holds) };
  }

  /** Charges, gives back and counts what these turns came to. */
  async settle(client: PoolClient, results: readonly TurnResult[]): Promise<SettledCredits> {
    const ends = results.flatMap(({ turnId, charge, usage }) => (charge === null ? [] : { turnId, charge, usage }));
    const settled = await this.#credits.settle(client, ends);
    await this.#quota.record(
      client,
      results.flatMap(({ turnId, use, usage }) =>
        use === null
          ? []
          : {
              ...use,
              inputTokens: usage?.input ?? 0,
              outputTokens: usage?.output ?? 0,
              chargedMicro: BigInt(settled.receipts.get(turnId)?.charged ?? 0),
            },
      ),
    );
    return settled;
  }

  tell(booked: Booked): void {
    this.#credits.tell(booked);
  }

  tellSettled(settled: SettledCredits): void {
    this.#credits.tellSettled(settled);
  }
}
