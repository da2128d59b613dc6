import { defineError } from '../../lib/app-error.ts';
import { formatCredits } from './format-credits.ts';

interface Shortfall extends Record<string, unknown> {
  /** Micro-credits. */
  needed: number;
  left: number;
}

export const InsufficientCredits = defineError(
  'credits.insufficient',
  402,
  (d: Shortfall) =>
    `This can cost up to ${formatCredits(d.needed)} credits; ${formatCredits(d.left)} are left. Add credits, or choose a cheaper model.`,
);
export const DayCapReached = defineError(
  'credits.day-cap',
  402,
  (d: Shortfall) =>
    `This can cost up to ${formatCredits(d.needed)} credits; your own cap for today leaves ${formatCredits(d.left)}. Raise it, or go on tomorrow.`,
);
export const ConversationCapReached = defineError(
  'credits.conversation-cap',
  402,
  (d: Shortfall) =>
    `This can cost up to ${formatCredits(d.needed)} credits; your own cap for a conversation leaves ${formatCredits(d.left)}. Raise it, or start another conversation.`,
);
export const ReceiptNotFound = defineError('credits.receipt-not-found', 404, () => 'There is no receipt of this turn.');
export const TransferKeyReused = defineError(
  'credits.key-reused',
  422,
  () => 'Something else was booked under this key before. Use a new key for each booking.',
);
export const BalanceTooLow = defineError(
  'credits.balance-too-low',
  409,
  (d: { available: number }) => `Only ${formatCredits(d.available)} credits are available.`,
);
export const BalanceTooHigh = defineError('credits.balance-too-high', 409, () => 'No balance can be that high.');
export const NothingToRefund = defineError(
  'credits.nothing-to-refund',
  409,
  (d: { refundable: number }) => `At most ${formatCredits(d.refundable)} credits of this turn can be refunded.`,
);
export const CodeNotUsable = defineError(
  'credits.code-not-usable',
  404,
  () => 'This code does not exist, has expired, or has been used up.',
);
export const CodeUsedBefore = defineError('credits.code-used', 409, () => 'You have redeemed this code before.');
export const CodeNotFound = defineError('credits.code-not-found', 404, () => 'There is no such code.');
export const PriceNotFound = defineError('credits.price-not-found', 404, () => 'There is no such price.');
export const PriceHoldsAlready = defineError(
  'credits.price-holds',
  409,
  () => 'This price holds already, and receipts name it. Set a new one instead.',
);
export const PriceTimeTaken = defineError(
  'credits.price-time-taken',
  409,
  () => 'This model has a price from this very moment on. Choose another time.',
);
export const PriceInThePast = defineError(
  'credits.price-in-the-past',
  422,
  () => 'A price can only hold from now on, or from a later time.',
);
