import { createHash } from 'node:crypto';
import { paidModel } from '../parley/paid-upstream.ts';

/** It is being answered already, or was cut off: the same has to be asked again later. */
export class NotAnsweredYet extends Error {}

/** What the core knows a request under this `Idempotency-Key` by. */
export function turnIdOfKey(key: string): string {
  return `v1:${createHash('sha256').update(key).digest('hex')}`;
}

/** The turn that answered; null where it was cut short, which is an answer too: the same for this key for ever. */
export async function completeOnce(request: {
  url: string;
  apiKey: string;
  key: string;
  content: string;
}): Promise<string | null> {
  const { url, apiKey, key, content } = request;
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ model: paidModel, messages: [{ role: 'user', content }] }),
  }).catch((cause: unknown) => {
    throw new NotAnsweredYet('there was no answer', { cause });
  });
  const text = await response.text().catch((cause: unknown) => {
    throw new NotAnsweredYet('the answer broke off', { cause });
  });
  const answer = JSON.parse(text) as { id: string; error?: { code: string } };
  switch (answer.error?.code) {
    case undefined:
      return answer.id.replace('chatcmpl-', '').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
    case 'interrupted':
      return null;
    case 'turn.still-open':
    case 'database.unavailable':
      throw new NotAnsweredYet(answer.error?.code);
    default:
      throw new Error(`an API client was refused: ${text}`);
  }
}
