import { callById } from './current-call.ts';
import { HostError } from './host-error.ts';
import { jsonParse, slice } from './primordials.ts';
import { abortCall, feedFilter } from './run-call.ts';
import { ringTimer } from './timers.ts';

/**
 * One batch of the host's messages, for one call or for many. Made by the host, so its shape is trusted. Pieces of bodies stand in the
 * messages as lengths and follow each other in `bodies`; so do the texts for filters, which come first.
 */
export function deliver(batchJson: string, bodies: string): void {
  let at = 0;
  const batch = jsonParse(batchJson) as [kind: string, callId: number, ...rest: unknown[]][];
  for (let i = 0; i < batch.length; i += 1) {
    const message = batch[i]!;
    if (message[0] === 't') {
      ringTimer(message[2] as number);
      continue;
    }
    if (message[0] === 'p') {
      const texts = message as unknown as [string, ...number[]];
      for (let n = 1; n < texts.length; n += 2) {
        const text = slice(bodies, at, (at += texts[n + 1] as number));
        const filter = callById(texts[n] as number);
        if (filter !== undefined) feedFilter(filter, text);
      }
      continue;
    }
    if (message[0] === 'b') {
      const items = message[3] as unknown[];
      for (let n = 0; n < items.length; n += 1) {
        const length = items[n];
        if (typeof length === 'number') items[n] = slice(bodies, at, (at += length));
      }
    }
    const call = callById(message[1]);
    if (call === undefined) continue;
    switch (message[0]) {
      case 'h':
      case 'b':
      case 'e':
        call.fetches.get(message[2] as number)?.(message[0], message);
        break;
      case 'q':
        feedFilter(call, undefined);
        break;
      case 'a':
        abortCall(call);
        break;
      case 'r': {
        const [, , number, value, code, text] = message as unknown as [
          string,
          number,
          number,
          unknown,
          string | null,
          string,
        ];
        const waiting = call.answers.get(number);
        call.answers.delete(number);
        if (code === null) waiting?.resolve(value);
        else waiting?.reject(new HostError(code, text));
        break;
      }
    }
  }
}
