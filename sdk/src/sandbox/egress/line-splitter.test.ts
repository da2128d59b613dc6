import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LineSplitter } from './line-splitter.ts';

function split(text: string, cuts: number[] = []): string[] {
  const bytes = Buffer.from(text);
  const splitter = new LineSplitter();
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return [...at.slice(1).flatMap((to, i) => splitter.push(bytes.subarray(at[i], to))), ...splitter.end()];
}

describe('the splitter of lines', () => {
  it('tolerates CR, blank lines and a last line without its end', () => {
    expect(split('{"a":1}\r\n\n  \n{"b":2}\n{"c":3}')).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('drops a byte order mark at the beginning', () => {
    expect(split('\uFEFFa\n\uFEFFb')).toEqual(['a', '\uFEFFb']);
  });

  it('refuses a line above the cap', () => {
    expect(() => new LineSplitter({ mostBytes: 10 }).push(Buffer.from('x'.repeat(11)))).toThrow('larger than 10 bytes');
    expect(() => new LineSplitter({ mostBytes: 10 }).push(Buffer.from(`${'x'.repeat(11)}\n`))).toThrow('larger than');
  });

  it('gives the same lines for every way the bytes are cut', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', '\uFEFF'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 10 }), (pieces, cuts) => {
        const text = pieces.join('');
        expect(split(text, cuts)).toEqual(split(text));
      }),
      { numRuns: 300 },
    );
  });
});
