import type { MountedFront } from '../../http/mounted-front.ts';
import type { ApiRoute } from '../../http/api-route.ts';
import type { Limiter } from '../../http/middleware/rate-limit.ts';
import type { ClusterJob } from '../../jobs/cluster-job.ts';
import type { EventBus } from '../../events/event-bus.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { PaymentProvider } from '../../ports/payments/payment-provider.ts';
import type { Person, Profiles } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import { BalancesService } from './balances.service.ts';
import { tellBooked } from './booked.ts';
import { Books, booksJob } from './books.job.ts';
import { CodesService } from './codes.service.ts';
import { CreditsAudit } from './credits-audit.ts';
import './credits.events.ts';
import { creditsRoutes } from './credits.routes.ts';
import { expireHoldsJob } from './expire-holds.job.ts';
import { Grants, grantsJob } from './grants.ts';
import { paymentsFront } from './payments-front.ts';
import { openPriceBook } from './price-book.ts';
import { isFlat } from './price-rules.ts';
import { PricesService } from './prices.service.ts';
import { TransfersService } from './transfers.service.ts';
import { createTurnCredits, type TurnCredits } from './turn-credits.ts';
import { TurnReceiptsService } from './turn-receipts.service.ts';

export { checkBooks, isOff } from './books.ts';
export { chargeFor } from './charge-rules.ts';
export { formatCredits } from './format-credits.ts';
export { presentPrice } from './credits.presenter.ts';
export type { Booked } from './booked.ts';
export { HoldTally } from './hold-rules.ts';
export {
  fundsColumn,
  type NewHold,
  newHoldRows,
  placedColumn,
  placing,
  resolvedColumn,
  resolving,
  type StoredFunds,
  type StoredPlaced,
  type StoredResolved,
  toFunds,
  toPlaced,
} from './ledger/index.ts';
export { isFlat, mostItCanCost, type PriceVersion, priceOf } from './price-rules.ts';
export { presentHeld, presentReceipt, receiptColumn, type ReceiptColumn } from './receipts.ts';
export type { SettledCredits, TurnCredits, WantedTurn } from './turn-credits.ts';

export interface CreditsDeps {
  database: Database;
  changes: ChangeFeed;
  clock: Clock;
  log: Logger;
  events: EventBus;
  broadcaster: Broadcaster;
  metrics: CreditMetrics;
  audit: Audit;
  profiles: Profiles;
  limiter: Limiter;
  payments: PaymentProvider | null;
  /** Names for ids; those of accounts that are gone are missing. */
  people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  /** Where credits can be bought; null: nowhere. */
  topUpUrl: () => string | null;
}

export interface CreditsModule {
  /** For the chat: what a turn locks, costs and gives back. */
  turns: TurnCredits;
  transfers: TransfersService;
  prices: PricesService;
  books: Books;
  /** Whether for any model tokens have to be counted before its price is known. */
  isPricedByTokens(): boolean;
  routes: ApiRoute[];
  jobs: ClusterJob[];
  mounts: Record<string, MountedFront>;
  stop(): void;
}

export async function createCreditsModule(deps: CreditsDeps): Promise<CreditsModule> {
  const { pool } = deps.database;
  const prices = await openPriceBook({ ...deps, pool });
  const balances = new BalancesService({ pool, topUpUrl: deps.topUpUrl });
  const tell = tellBooked(deps);
  const turns = createTurnCredits({
    ...deps,
    pool,
    prices,
    tell,
    fundsOf: (userId, conversationId, dayStart) => balances.funds(userId, conversationId, dayStart),
  });
  const transfers = new TransfersService({ pool, tell });
  const books = new Books({ ...deps, pool });
  await books.start();
  const priceList = new PricesService({ pool, prices, clock: deps.clock });
  return {
    turns,
    transfers,
    prices: priceList,
    books,
    isPricedByTokens: () => prices.current().some((price) => !isFlat(price)),
    routes: creditsRoutes({
      ...deps,
      balances,
      transfers,
      books,
      receipts: new TurnReceiptsService({ pool, transfers, tell }),
      codes: new CodesService({ pool, tell }),
      prices: priceList,
      audit: new CreditsAudit(deps.audit),
    }),
    jobs: [grantsJob(new Grants({ ...deps, pool, tell })), booksJob(books), expireHoldsJob({ ...deps, pool, tell })],
    mounts: paymentsFront({ ...deps, provider: deps.payments, transfers }),
    stop() {
      books.stop();
      prices.stop();
    },
  };
}
