import type { IncomingHttpHeaders } from 'node:http';

/** Somebody has paid. */
export interface TopUp {
  /** The provider's id of the payment, the same however often it is told. */
  paymentId: string;
  userId: string;
  /** Micro-credits. */
  amount: bigint;
}

/** Tells us of payments by calls that carry its signature. */
export interface PaymentProvider {
  /** In lower case; part of the address that it calls. */
  readonly name: string;
  /**
   * Verifies a call and reads it; null: of an event that books nothing.
   * Throws `payments.signature-invalid` or `payments.event-unusable`.
   */
  read(body: Buffer, headers: IncomingHttpHeaders, nowMs: number): TopUp | null;
}
