import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SecretMask } from './secret-mask.ts';

const grant = { scheme: 'https' as const, host: 'a.example', port: 443, pathPrefix: '/', methods: ['GET'] };
const held = (value: string) => ({ name: 'key', value, grant, in: 'header' as const, placeholder: '<key>' });

function masked(mask: SecretMask, chunks: Uint8Array[]): string {
  const out = chunks.map((chunk) => mask.push(Buffer.from(chunk)));
  return Buffer.concat([...out, mask.end() ?? Buffer.alloc(0)]).toString();
}

describe('the mask over what a server mirrors', () => {
  it('takes a secret out of text, plain and percent-encoded', () => {
    const mask = new SecretMask([held('sk live/1234')]);
    expect(mask.text('a sk live/1234 b sk%20live%2F1234 c')).toBe('a <key> b <key> c');
  });

  it('leaves short secrets alone, because ordinary text contains them', () => {
    expect(new SecretMask([held('abc')]).isEmpty).toBe(true);
  });

  it('lets a chunk go at once when it does not end inside a secret', () => {
    const mask = new SecretMask([held('sk-12345678')]);
    expect(mask.push(Buffer.from('data: s\n\n')).toString()).toBe('data: s\n\n');
    expect(mask.push(Buffer.from('error: sk-1234')).toString()).toBe('error: ');
    expect(mask.push(Buffer.from('5678!')).toString()).toBe('<key>!');
  });

  it('gives the same text for every way the bytes are cut, and never the secret', () => {
    const secret = 'sk-sk-sk-1234';
    const piece = fc.oneof(
      fc.constantFrom(secret, 's', 'sk', 'sk-', 'sk-sk-', '-1234', '好'),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(), { maxLength: 10 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''));
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
        const result = masked(new SecretMask([held(secret)]), chunks);
        expect(result).not.toContain(secret);
        expect(result).toBe(bytes.toString().replaceAll(secret, '<key>'));
      }),
      { numRuns: 500 },
    );
  });
});
