import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SseSplitter } from './sse-splitter.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text);

function split(text: string | Uint8Array, cuts: number[] = []) {
  const bytes = typeof text === 'string' ? bytesOf(text) : Buffer.from(text);
  const splitter = new SseSplitter();
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const events = at.slice(1).flatMap((to, i) => splitter.push(bytes.subarray(at[i], to)));
  return [...events, ...splitter.end()];
}
const dataOf = (text: string | Uint8Array) => split(text).map(({ data }) => data);

describe('the splitter of server-sent events', () => {
  it('drops a byte order mark at the very beginning only', () => {
    expect(dataOf('\uFEFFdata: a\n\ndata: \uFEFFb\n\n')).toEqual(['a', '\uFEFFb']);
  });

  it('reads whole events of one line as it reads all others', () => {
    const splitter = new SseSplitter();
    const chunks = [
      'data: 0\n\n',
      'data: a\n\ndata: b\n\ndata: c',
      '\n\ndata: ',
      'd\n\n',
      ': hm\n\ndata: e\n\n',
      'data: f\ndata: g\n\n',
      'id: 1\ndata: h\n\n',
      'data: i\n\n',
    ];
    const events = chunks.flatMap((text) => splitter.push(bytesOf(text)));
    expect(events.map(({ data }) => data)).toEqual(['0', 'a', 'b', 'c', 'd', 'e', 'f\ng', 'h', 'i']);
    expect(events.map(({ id }) => id)).toEqual(['', '', '', '', '', '', '', '1', '1']);
  });

  it('takes LF, CRLF and lone CR as line ends', () => {
    expect(dataOf('data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not see a blank line in a CRLF that is split between chunks', () => {
    const splitter = new SseSplitter();
    const events = ['data: a\r', '\ndata: b\r', '\n', '\r', '\n'].flatMap((text) => splitter.push(bytesOf(text)));
    expect(events.map(({ data }) => data)).toEqual(['a\nb']);
  });

  it('joins data lines, strips one space after the colon only, and knows fields without a colon', () => {
    expect(dataOf('data:  a\ndata:b\ndata\n\n')).toEqual([' a\nb\n']);
  });

  it('ignores comments, unknown fields and events without data', () => {
    expect(dataOf(': ping\n\nevent: x\n\nfoo: 1\ndata: a\n\n')).toEqual(['a']);
  });

  it('names events and keeps the last id, but not one with NUL', () => {
    expect(split('event: e\nid: 1\ndata: a\n\nid: 2\0\ndata: b\n\n')).toEqual([
      { event: 'e', data: 'a', id: '1' },
      { event: '', data: 'b', id: '1' },
    ]);
  });

  it('reads a retry time of digits', () => {
    const splitter = new SseSplitter();
    splitter.push(bytesOf('retry: 1500\nretry: 2x\n\n'));
    expect(splitter.retryMs).toBe(1500);
  });

  it('delivers an unfinished last event at the end', () => {
    expect(dataOf('data: a\n\ndata: [DONE]')).toEqual(['a', '[DONE]']);
    expect(dataOf('data: b\n')).toEqual(['b']);
  });

  it('keeps characters whole when they are split between chunks', () => {
    const text = 'data: 你好 🌍é\n\n';
    const bytes = [...bytesOf(text)].map((byte) => Uint8Array.of(byte));
    const splitter = new SseSplitter();
    expect(bytes.flatMap((byte) => splitter.push(byte)).map(({ data }) => data)).toEqual(['你好 🌍é']);
  });

  it('refuses an event above the cap, in one line or in many, and never keeps more than that', () => {
    const small = () => new SseSplitter({ mostBytes: 1_000 });
    expect(() => small().push(bytesOf(`data: ${'x'.repeat(2_000)}`))).toThrow('larger than 1000 bytes');
    expect(() => small().push(bytesOf('data: xxxxxxxxxx\n'.repeat(100)))).toThrow('larger than 1000 bytes');
    const dribble = small();
    expect(() => {
      for (let i = 0; i < 2_000; i++) dribble.push(bytesOf('x'));
    }).toThrow('larger than 1000 bytes');
  });

  it('lets comments come for hours', () => {
    const splitter = new SseSplitter({ mostBytes: 1_000 });
    for (let i = 0; i < 1_000; i++) splitter.push(bytesOf(': keep-alive\n'));
    expect(splitter.push(bytesOf('data: a\n\n'))).toHaveLength(1);
  });

  it('gives the same events for every way the bytes are cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '\r\n',
        '\r',
        '\n\n',
        'data: ',
        'data:',
        'event: ',
        'id: ',
        'retry: 5',
        ': c',
        '\uFEFF',
        ' ',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 12 }), (pieces, cuts) => {
        const text = pieces.join('');
        expect(split(text, cuts)).toEqual(split(text));
      }),
      { numRuns: 500 },
    );
  });
});
