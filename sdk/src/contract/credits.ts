import { z } from 'zod';
import { ChatParameters, ClientTurnId } from './conversations.ts';
import { Id, IdParams, line, page, PageQuery, text, Timestamp } from './common.ts';
import { MAX_MICRO, Micro, Receipt } from './receipts.ts';
import { defineRoutes } from './routes.ts';

const Day = z.iso.date();

/** What a model costs, in micro-credits. A version is never changed: the next one holds from its `validFrom` on. */
export const Price = z.object({
  id: Id,
  /** Public model id, or `*` for every model without a price of its own. */
  model: z.string(),
  validFrom: Timestamp,
  perMessage: Micro,
  per1kInput: Micro,
  per1kOutput: Micro,
  /** Null: as any other output. */
  per1kReasoning: Micro.nullable(),
  /** Null: as any other input. */
  per1kCachedInput: Micro.nullable(),
  perImage: Micro,
  perVideoSecond: Micro,
  createdAt: Timestamp,
});
export type Price = z.infer<typeof Price>;
const MAX_UNIT_PRICE = 1_000_000_000_000;
const UnitPrice = z.int().min(0).max(MAX_UNIT_PRICE);
export const PriceCreate = z.object({
  model: line(300),
  /** Absent: from now on. */
  validFrom: Timestamp.optional(),
  perMessage: UnitPrice.default(0),
  per1kInput: UnitPrice.default(0),
  per1kOutput: UnitPrice.default(0),
  per1kReasoning: UnitPrice.nullable().default(null),
  per1kCachedInput: UnitPrice.nullable().default(null),
  perImage: UnitPrice.default(0),
  perVideoSecond: UnitPrice.default(0),
});
export type PriceCreate = z.infer<typeof PriceCreate>;

export const Balance = z.object({
  available: Micro,
  /** Locked for replies that are being written. */
  held: Micro,
  /** Set by the user himself; null: none. */
  dayCap: Micro.nullable(),
  conversationCap: Micro.nullable(),
  /** Below this the user is told; null: never. */
  lowBalanceAt: Micro.nullable(),
  /** Since the user's own midnight: charged, and locked now. */
  spentToday: Micro,
  /** Where credits can be bought; null: nowhere. */
  topUpUrl: z.string().nullable(),
});
export type Balance = z.infer<typeof Balance>;
const Cap = z.int().min(0).max(MAX_MICRO).nullable();
export const CapsChange = z.object({ dayCap: Cap, conversationCap: Cap, lowBalanceAt: Cap }).partial();

export const TransferKind = z.enum(['grant', 'hold', 'capture', 'release', 'refund', 'adjust']);
export type TransferKind = z.infer<typeof TransferKind>;
/** A line of the ledger: `amount` moved from one account to another. */
export const Transfer = z.object({
  /** Counts up. */
  id: z.string(),
  userId: Id,
  kind: TransferKind,
  from: z.enum(['available', 'held', 'revenue', 'granted']),
  to: z.enum(['available', 'held', 'revenue', 'granted']),
  amount: Micro,
  turnId: Id.nullable(),
  /** Who did it; null: the system. */
  actorId: Id.nullable(),
  reason: z.string().nullable(),
  createdAt: Timestamp,
});
export type Transfer = z.infer<typeof Transfer>;

const PersonName = z.object({ nickname: z.string(), email: z.string() });
/** As admins see it, with the names of today; null when the account is gone, or the system did it. */
export const AdminTransfer = Transfer.extend({ user: PersonName.nullable(), actor: PersonName.nullable() });
export type AdminTransfer = z.infer<typeof AdminTransfer>;

export const EstimateRequest = z.object({
  /** Absent: a new conversation. */
  conversationId: Id.optional(),
  text: text(200_000),
  /** As in `SendRequest`. */
  parentId: Id.nullable().optional(),
  model: z.string().max(300).optional(),
  /** Of a new conversation; an existing one has its own. */
  systemPrompt: text(100_000).optional(),
  parameters: ChatParameters.optional(),
});
export type EstimateRequest = z.infer<typeof EstimateRequest>;
export const Estimate = z.object({
  model: z.string(),
  /** Null: the model is free. */
  price: Price.nullable(),
  tokens: z.object({ systemPrompt: z.int(), history: z.int(), message: z.int(), replyAtMost: z.int() }),
  /** Expected, and the most it can cost, which is what sending would lock. */
  expected: Micro,
  atMost: Micro,
  available: Micro,
  /** The code sending would be refused with, such as `credits.insufficient`; null: nothing stands against it. */
  refusal: z.string().nullable(),
});
export type Estimate = z.infer<typeof Estimate>;

export const UsageQuery = z.object({ from: Day.optional(), to: Day.optional() });
const UsageFigures = z.object({
  requests: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  charged: Micro,
});
/** Days are those of the user's own calendar. */
export const UsageReport = z.object({
  from: Day,
  to: Day,
  total: UsageFigures,
  byDay: z.array(UsageFigures.extend({ day: Day })),
  byModel: z.array(UsageFigures.extend({ model: z.string() })),
  byPlugin: z.array(UsageFigures.extend({ plugin: z.string() })),
});
export type UsageReport = z.infer<typeof UsageReport>;

/** Everything there is to know about the cost of one turn. */
export const TurnReceipt = z.object({
  turnId: Id,
  model: z.string(),
  receipt: Receipt,
  price: Price,
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  transfers: z.array(Transfer),
});
export type TurnReceipt = z.infer<typeof TurnReceipt>;

const Reason = line(300);
export const GrantRequest = z.object({
  amount: z.int().min(1).max(MAX_MICRO),
  reason: Reason,
  /** Repeating it books nothing a second time. */
  idempotencyKey: ClientTurnId,
});
/** A correction in either direction; a negative one takes no more than is available. */
export const AdjustRequest = z.object({
  amount: z
    .int()
    .min(-MAX_MICRO)
    .max(MAX_MICRO)
    .refine((amount) => amount !== 0, { message: 'must not be 0' }),
  reason: Reason,
  idempotencyKey: ClientTurnId,
});
export const RefundRequest = z.object({
  /** Absent: all that was charged and not refunded yet. */
  amount: z.int().min(1).max(MAX_MICRO).optional(),
  reason: Reason,
  idempotencyKey: ClientTurnId,
});
export const CreditCode = z.object({
  id: Id,
  batch: z.string(),
  /** The last characters; the code itself is shown once, when it is made. */
  hint: z.string(),
  amount: Micro,
  uses: z.int(),
  maxUses: z.int(),
  expiresAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type CreditCode = z.infer<typeof CreditCode>;
export const CodesCreate = z.object({
  batch: line(60),
  count: z.int().min(1).max(1000),
  amount: z.int().min(1).max(MAX_MICRO),
  /** How many different people may redeem each. */
  maxUses: z.int().min(1).max(1_000_000).default(1),
  expiresAt: Timestamp.nullable().default(null),
});
export const RedeemRequest = z.object({ code: line(60) });

/** Whether the books balance; every figure but the first two is 0 as long as they do. */
export const BooksReport = z.object({
  checkedAt: Timestamp,
  transfers: z.int(),
  users: z.int(),
  /** Of all users' balances against their transfers, in micro-credits. */
  drift: Micro,
  usersWithDrift: z.int(),
  /** Resolved holds without exactly one settling transfer, or with sums that do not add up. */
  unsettledHolds: z.int(),
  /** Active holds whose turn is over or gone. */
  holdsWithoutTurn: z.int(),
  /** Seconds; 0 without an active hold. Not an error by itself. */
  oldestHoldSeconds: z.int(),
  activeHolds: z.int(),
  milliseconds: z.int(),
});
export type BooksReport = z.infer<typeof BooksReport>;

const LedgerQuery = PageQuery.extend({ kind: TransferKind.optional(), turnId: Id.optional() });
export const creditRoutes = defineRoutes({
  'GET /api/credits': { summary: 'Balance and own caps', access: 'user', response: Balance },
  'PATCH /api/credits/caps': {
    summary: 'Set own caps and when to be warned',
    access: 'user',
    body: CapsChange,
    response: Balance,
  },
  'GET /api/credits/ledger': {
    summary: 'Own transfers, newest first',
    access: 'user',
    query: LedgerQuery,
    response: page(Transfer),
  },
  'POST /api/credits/redeem': {
    summary: 'Redeem a code',
    access: 'user',
    body: RedeemRequest,
    response: z.object({ amount: Micro, balance: Balance }),
  },
  'GET /api/prices': { summary: 'Prices that hold now', access: 'user', response: z.array(Price) },
  'POST /api/estimate': {
    summary: 'What a message would cost',
    access: 'user',
    body: EstimateRequest,
    response: Estimate,
  },
  'GET /api/turns/:id/receipt': {
    summary: 'What a turn has cost, and why',
    access: 'user',
    params: IdParams,
    response: TurnReceipt,
  },
  'GET /api/usage': { summary: 'Own usage', access: 'user', query: UsageQuery, response: UsageReport },
  'GET /api/usage/export': {
    summary: 'Own usage by day, model and plugin, as CSV',
    access: 'user',
    query: UsageQuery,
    produces: 'text/csv',
  },
  'GET /api/admin/prices': { summary: 'All price versions, newest first', access: 'admin', response: z.array(Price) },
  'POST /api/admin/prices': {
    summary: 'Set the price of a model',
    access: 'admin',
    body: PriceCreate,
    response: Price,
    status: 201,
  },
  'DELETE /api/admin/prices/:id': {
    summary: 'Take back a price that does not hold yet',
    access: 'admin',
    params: IdParams,
  },
  'GET /api/admin/users/:id/credits': {
    summary: "Somebody's balance",
    access: 'admin',
    params: IdParams,
    response: Balance,
  },
  'POST /api/admin/users/:id/grants': {
    summary: 'Give credits',
    access: 'admin',
    params: IdParams,
    body: GrantRequest,
    response: Balance,
  },
  'POST /api/admin/users/:id/adjustments': {
    summary: 'Correct a balance',
    access: 'admin',
    params: IdParams,
    body: AdjustRequest,
    response: Balance,
  },
  'POST /api/admin/turns/:id/refund': {
    summary: 'Give back what a turn has cost',
    access: 'admin',
    params: IdParams,
    body: RefundRequest,
    response: TurnReceipt,
  },
  'GET /api/admin/ledger': {
    summary: 'All transfers, newest first',
    access: 'admin',
    query: LedgerQuery.extend({ userId: Id.optional() }),
    response: page(AdminTransfer),
  },
  'GET /api/admin/codes': {
    summary: 'Redeem codes, newest first',
    access: 'admin',
    query: PageQuery.extend({ batch: line(60).optional() }),
    response: page(CreditCode),
  },
  'POST /api/admin/codes': {
    summary: 'Make redeem codes; they are shown this once',
    access: 'admin',
    body: CodesCreate,
    response: z.object({ codes: z.array(z.string()) }),
    status: 201,
  },
  'POST /api/admin/codes/:id/revoke': {
    summary: 'Make a code unusable',
    access: 'admin',
    params: IdParams,
    response: CreditCode,
  },
  'GET /api/admin/books': {
    summary: 'The last check of the books',
    access: 'admin',
    response: BooksReport.nullable(),
  },
  'POST /api/admin/books/check': { summary: 'Check the books now', access: 'admin', response: BooksReport },
});
