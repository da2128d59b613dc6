import type { ServerResponse } from 'node:http';
import type { Receipt } from '@parley/sdk/contract';
import type { Completion } from '../chat/index.ts';

/** Of an answer that is whole. Micro-credits; absent where the model is free. */
export function setReceiptHeaders(res: ServerResponse, receipt: Receipt | null): void {
  if (receipt === null) return;
  res.setHeader('X-Parley-Credits-Estimate', receipt.estimate);
  res.setHeader('X-Parley-Credits-Held', receipt.held);
  res.setHeader('X-Parley-Credits-Charged', receipt.charged);
  res.setHeader('X-Parley-Credits-Released', receipt.released);
  res.setHeader('X-Parley-Price', receipt.priceId);
}

/** Of a stream, whose headers leave before its cost is known: that comes with the usage at its end. */
export function setHeldHeaders(res: ServerResponse, completion: Completion): void {
  if (completion.held > 0) res.setHeader('X-Parley-Credits-Held', completion.held);
}
