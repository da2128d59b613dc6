import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseSplitter } from '../egress/index.ts';
import { readFrame, TextPass } from './text-pass.ts';

const frame = { before: '{"id":1,"text":"', after: '"}' };
const event = (data: string): string => `data: ${data}\n\n`;
const framed = (text: string): string => event(frame.before + JSON.stringify(text).slice(1, -1) + frame.after);

function passed(...chunks: (string | Buffer)[]): { text: string; rest: string } {
  const pass = new TextPass('events', frame);
  const rest = chunks.map((chunk) => pass.push(Buffer.from(chunk)));
  return { text: pass.take(), rest: Buffer.concat([...rest, pass.end()]).toString() };
}

describe('a text pass', () => {
  it.each([[' world'], [''], ['你好 😀'], ['}]'], ['a "word"'], ['a\\b'], ['a\nb\r\n'], ['\u0007'], ['\u2028']])(
    'takes the text %j off',
    (text) => {
      expect(passed(framed(text))).toEqual({ text, rest: '' });
      expect(passed(framed('a') + framed(text) + framed('b'))).toEqual({ text: `a${text}b`, rest: '' });
    },
  );
  it.each([
    ['something else behind the text', event(`${frame.before}x","more":1}`)],
    ['something else before it', event('{"id":2,"text":"x"}')],
    ['a quote that ends the text', event(`${frame.before}x","text":"y${frame.after}`)],
    ['a backslash that escapes its end', event(`${frame.before}x\\${frame.after}`)],
    ['a control character', event(`${frame.before}x\u0001${frame.after}`)],
    ['a name', `event: e\n${framed('x')}`],
    ['other line ends', framed('x').replaceAll('\n', '\r\n')],
    ['carriage returns alone', framed('x').replaceAll('\n', '\r')],
    ['a comment before it', `: ping\n\n${framed('x')}`],
    ['a second line of data', `data: ${frame.before}\ndata: x${frame.after}\n\n`],
  ])('hands back a piece with %s, and all behind it', (_, piece) => {
    expect(passed(piece)).toEqual({ text: '', rest: piece });
    expect(passed(framed('a') + piece + framed('b'))).toEqual({ text: 'a', rest: piece + framed('b') });
  });
  it('keeps a piece that is cut until the rest of it comes, wherever it is cut', () => {
    const whole = Buffer.from(framed('a😀b') + framed('c'));
    for (let cut = 1; cut < whole.length; cut += 1) {
      expect(passed(whole.subarray(0, cut), whole.subarray(cut))).toEqual({ text: 'a😀bc', rest: '' });
    }
  });
  it('gives back what it has kept when nothing more comes', () => {
    expect(passed(framed('a').slice(0, -1))).toEqual({ text: '', rest: framed('a').slice(0, -1) });
  });
  it('keeps no piece that is larger than any text', () => {
    const large = frame.before + 'x'.repeat(70_000);
    expect(passed(`data: ${large}`)).toEqual({ text: '', rest: `data: ${large}` });
  });
  it('takes lines off as well', () => {
    const pass = new TextPass('lines', frame);
    const line = `${frame.before}x${frame.after}\n`;
    expect(pass.push(Buffer.from(`${line}${line}{"done":true}\n${line}`)).toString()).toBe(`{"done":true}\n${line}`);
    expect(pass.pieces).toBe(2);
    expect(pass.take()).toBe('xx');
  });

  it('never reads a stream otherwise than the standard does', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }).map(framed),
      fc.constantFrom('"', '\\', '\\"', '\n', '\r', '\r\n\r\n', frame.after, '\n\ndata: ', frame.before, ': c\n\n'),
    );
    const stream = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join('')));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
        const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        const pass = new TextPass('events', frame);
        let rest = Buffer.alloc(0);
        for (const [at, edge] of edges.slice(1).entries()) {
          const chunk = bytes.subarray(edges[at], edge);
          // As its user does: what is handed back ends the passing.
          rest = Buffer.concat([rest, rest.length > 0 || chunk.length === 0 ? chunk : pass.push(chunk)]);
        }
        rest = Buffer.concat([rest, pass.end()]);
        const read = (all: Buffer): string[] => {
          const splitter = new SseSplitter();
          splitter.push(Buffer.from('\n'));
          return [...splitter.push(all), ...splitter.end()].map(({ data }) => data);
        };
        const expected = read(bytes);
        const behind = read(rest);
        const before = expected.slice(0, expected.length - behind.length);
        expect(before.map((data) => (JSON.parse(data) as { text: string }).text).join('')).toBe(pass.take());
        expect(expected.slice(before.length)).toEqual(behind);
      }),
    );
  });
});

describe('a frame', () => {
  it.each([
    ['no pair', '{"'],
    ['a number', ['{"', 1]],
    ['a line end', ['{"\n', '"}']],
    ['a carriage return', ['{"', '\r"}']],
    ['too large', ['x'.repeat(16_385), '']],
    ['missing', undefined],
  ])('that is %s is none', (_, pair) => {
    expect(readFrame(pair)).toBeUndefined();
  });
});
