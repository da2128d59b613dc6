import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ChunkFraming } from './chunk-framing.ts';

const chunkOf = (data: string, size = data.length.toString(16)): string => `${size}\r\n${data}\r\n`;

/** The data of the chunks that are found in bytes that come in pieces. */
function follow(pieces: Uint8Array[], framing = new ChunkFraming()): string[] {
  const found: string[] = [];
  let data = '';
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      at = framing.advance(piece, at, piece.length);
      data += Buffer.from(piece).toString('latin1', framing.dataFrom, framing.dataTo);
      if (!framing.isBetweenChunks) continue;
      found.push(data);
      data = '';
    }
  }
  return found;
}

describe('the framing of a chunked body', () => {
  it('is found in one piece', () => {
    expect(follow([Buffer.from(`${chunkOf('data: x\r\n\r\n')}${chunkOf('y'.repeat(171), 'aB')}`)])).toEqual([
      'data: x\r\n\r\n',
      'y'.repeat(171),
    ]);
  });

  it.each([
    ['an extension', '5;a=b\r\nhello\r\n'],
    ['a space behind the size', '5 \r\nhello\r\n'],
    ['a padded size', '05\r\nhello\r\n'],
    ['a size of 4 GB', '100000000\r\n'],
    ['no size', '\r\nhello\r\n'],
    ['a size that is no number', 'x\r\nhello\r\n'],
    ['a sign', '-5\r\nhello\r\n'],
    ['a bare line feed behind the size', '5\nhello\r\n'],
    ['a bare return behind the size', '5\rhello\r\n'],
    ['more data than announced', '5\r\nhello!\r\n'],
    ['a bare line feed behind the data', '5\r\nhello\n'],
    ['a bare return behind the data', '5\r\nhello\r5\r\nhello\r\n'],
    ['the last chunk', '0\r\n\r\n'],
    ['a last chunk of many zeros', '000\r\n\r\n'],
  ])('is lost for good at %s', (_name, wire) => {
    const framing = new ChunkFraming();
    expect(follow([Buffer.from(`${chunkOf('before')}${wire}${chunkOf('behind')}`)], framing)).toEqual(['before']);
    expect(framing.isLost).toBe(true);
    expect(follow([Buffer.from(chunkOf('later'))], framing)).toEqual([]);
  });

  it('is the same for every way the bytes are cut', () => {
    const data = fc.oneof(
      fc.constantFrom('\r\n', '0\r\n\r\n', '5\r\nhello\r\n', 'data: x\r\n\r\n'),
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }),
    );
    const cut = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(data), cut, (datas, cuts) => {
        const wire = Buffer.from(datas.map((text) => chunkOf(text)).join(''), 'latin1');
        const at = [0, ...cuts.map((place) => place % (wire.length + 1)).toSorted((a, b) => a - b), wire.length];
        expect(follow(at.slice(1).map((to, i) => wire.subarray(at[i], to)))).toEqual(datas);
      }),
      { numRuns: 500 },
    );
  });
});
