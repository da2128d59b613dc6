import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEgress } from './egress.ts';
import type { EgressExchange, EgressRequest } from './egress-types.ts';
import { holdSecrets } from './held-secrets.ts';
import { type ScriptedWire, startScriptedWire } from './scripted-wire.ts';

const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const last = '0\r\n\r\n';
const second = { pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n', 'second'] };
const chunk = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`;
const limits = { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000, responseBytes: 10_000_000 };
const here = () => ({ scheme: 'http' as const, host: '127.0.0.1', port: wire.port, pathPrefix: '/', methods: ['GET'] });
const egress = createEgress();
let wire: ScriptedWire;

beforeAll(async () => {
  wire = await startScriptedWire();
});
afterAll(async () => {
  egress.close();
  await wire.close();
});

interface Read {
  body: string;
  /** Body bytes that did not come through Node's stream. */
  tapped: number;
  failure?: string;
}
/** `onPiece` is told how many pieces of the body have come; none with the head. */
function read(over: Partial<EgressRequest> = {}, onPiece?: (pieces: number, exchange: EgressExchange) => void) {
  return new Promise<Read>((resolve) => {
    const chunks: Uint8Array[] = [];
    const finish = (failure?: string): void => {
      const body = Buffer.concat(chunks);
      resolve({ body: body.toString('latin1'), tapped: body.length - wire.throughNode, ...(failure && { failure }) });
    };
    const request: EgressRequest = {
      url: `http://127.0.0.1:${wire.port}/`,
      method: 'GET',
      headers: [],
      grants: [{ ...here(), methods: ['GET', 'HEAD'] }],
      allowPrivate: true,
      secrets: [],
      limits,
      ...over,
    };
    const exchange = egress.fetchInto(request, {
      onHead: () => onPiece?.(0, exchange),
      onData: (bytes) => {
        chunks.push(bytes);
        onPiece?.(chunks.length, exchange);
      },
      onEnd: () => finish(),
      onError: (error) => finish('kind' in error ? error.kind : error.code),
    });
  });
}
/** What a chunked answer reads as, and that its connection still serves the next request. */
async function readTwice(...pieces: string[]): Promise<Read> {
  wire.answer({ pieces }, second);
  const first = await read();
  const before = wire.connections;
  expect(await read()).toEqual({ body: 'second', tapped: 0 });
  expect(wire.connections).toBe(before);
  return first;
}

describe('plain chunks', () => {
  it("pass by Node's parser, each at once, and the connection goes on as if nothing had happened", async () => {
    const events = ['data: one\r\n\r\n', 'data: two\r\n\r\n', 'data: three\r\n\r\n'];
    const [one = '', two = '', three = ''] = events.map(chunk);
    const tapped = events.join('').length;
    expect(await readTwice(head, one, two, three, last)).toEqual({ body: events.join(''), tapped });
    expect(await readTwice(head, one, two + three, last)).toEqual({ body: events.join(''), tapped });
    // What comes in one read with the head takes the old way.
    expect(await readTwice(head + one, two, three + last)).toEqual({
      body: events.join(''),
      tapped: tapped - 'data: one\r\n\r\n'.length,
    });
  });

  it('may be cut in their data, their size or their line ends', async () => {
    for (let cut = 1; cut < 10; cut += 1) {
      const torn = chunk('hello');
      const pieces = [torn.slice(0, cut), torn.slice(cut) + chunk('whole'), chunk('again')];
      expect(await readTwice(head, ...pieces, last)).toEqual({ body: 'hellowholeagain', tapped: 15 });
    }
    const letters = chunk('hello').split('');
    expect(await readTwice(head, ...letters, ...letters, last)).toEqual({ body: 'hellohello', tapped: 10 });
  });

  it('are found again behind one that Node has begun', async () => {
    const torn = chunk('hello');
    for (let cut = 1; cut < 10; cut += 1) {
      const pieces = [head + torn.slice(0, cut), torn.slice(cut) + chunk('whole'), chunk('again')];
      expect(await readTwice(...pieces, last)).toEqual({ body: 'hellowholeagain', tapped: 10 });
    }
  });

  it('are found behind a head that comes in pieces or after other heads', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n';
    expect(await readTwice(head.slice(0, 46), head.slice(46), chunk('data'), last)).toEqual({
      body: 'data',
      tapped: 4,
    });
    expect(await readTwice(hints, hints + head, chunk('data'), last)).toEqual({ body: 'data', tapped: 4 });
    // More than is kept to look for the end of a head.
    const flood = Array.from({ length: 80 }, () => hints.replace('css', 'x'.repeat(900)));
    expect(await readTwice(...flood, head, chunk('data'), last)).toEqual({ body: 'data', tapped: 0 });
  });

  it('are decoded like any', async () => {
    const packed = gzipSync('packed').toString('latin1');
    const pieces = [packed.slice(0, 9), packed.slice(9)].map((part) => Buffer.from(chunk(part), 'latin1'));
    wire.answer({ pieces: [head.replace('\r\n', '\r\nContent-Encoding: gzip\r\n'), ...pieces, last] });
    expect(await read()).toMatchObject({ body: 'packed' });
    expect(wire.throughNode).toBe(0);
  });

  it('may look like framing or like heads', async () => {
    const datas = ['0\r\n\r\n', head, '5\r\nhello\r\n', '\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'];
    const body = datas.join('');
    expect(await readTwice(head, ...datas.map(chunk), last)).toEqual({ body, tapped: body.length });
    expect(await readTwice(head + datas.map(chunk).join(''), last)).toEqual({ body, tapped: 0 });
  });

  it('count towards the limit of the body', async () => {
    wire.answer({ pieces: [head, ...Array.from({ length: 20 }, () => chunk('x'.repeat(100)))] });
    const { body, failure } = await read({ limits: { ...limits, responseBytes: 1_000 } });
    expect({ length: body.length, failure }).toEqual({ length: 1_000, failure: 'too-large' });
  });

  it('keep the idle clock going, which strikes once they stay away', async () => {
    // They take longer than the clock; a pause is a small part of it, for machines that stretch it.
    wire.answer({ pieces: [head, ...Array.from({ length: 40 }, () => chunk('.'))], pause: () => wait(80) });
    const whole = { body: '.'.repeat(40), tapped: 40 };
    expect(await read({ limits: { ...limits, idleMs: 3_000 } })).toEqual({ ...whole, failure: 'idle-timeout' });
  });

  it('are masked together with those that were cut', async () => {
    const value = 'sk-live-0123456789';
    const secrets = holdSecrets([{ name: 'key', value, grant: here(), in: 'header' }]);
    const placeholder = secrets[0]?.placeholder ?? '';
    const torn = chunk(`23456789, sk-live-0`);
    wire.answer({ pieces: [head, chunk('a sk-live-01'), torn.slice(0, 9), torn.slice(9), chunk('123456789!'), last] });
    const { body } = await read({ secrets, headers: [['authorization', placeholder]] });
    expect(wire.requests.at(-1)).toContain(value);
    expect(body).toBe(`a ${placeholder}, ${placeholder}!`);
  });
});

describe('anything but plain chunks', () => {
  it('is read by Node as ever: extensions, padded sizes, trailers, other bodies', async () => {
    const one = chunk('one');
    expect(await readTwice(head, one, '3;a=b\r\ntwo\r\n', one, last)).toEqual({ body: 'onetwoone', tapped: 3 });
    expect(await readTwice(head, one, '003\r\ntwo\r\n', one, last)).toEqual({ body: 'onetwoone', tapped: 3 });
    expect(await readTwice(head, one, '0\r\nX-Sum: 3\r\n\r\n')).toEqual({ body: 'one', tapped: 3 });
    expect(await readTwice(head, one, '0\r\nX-Sum', ': 3\r\n', '\r\n')).toEqual({ body: 'one', tapped: 3 });
    const counted = `HTTP/1.1 200 OK\r\nContent-Length: ${one.length}\r\n\r\n`;
    expect(await readTwice(counted, one)).toEqual({ body: one, tapped: 0 });
    wire.answer({ pieces: ['HTTP/1.1 200 OK\r\n\r\n', one, last], close: true });
    expect(await read()).toMatchObject({ body: one + last, tapped: 0 });
  });

  it('is no body at all after HEAD, whatever the head says', async () => {
    wire.answer({ pieces: [head] }, second);
    expect(await read({ method: 'HEAD' })).toEqual({ body: '', tapped: 0 });
    expect(await read()).toEqual({ body: 'second', tapped: 0 });
  });

  it.each([
    ['a size that is no number', 'x\r\n'],
    ['no size', '\r\n'],
    ['a bare line feed behind the size', '3\ntwo\r\n'],
    ['more data than announced', '3\r\ntwo!\r\n'],
    ['too much data in a chunk that is cut', '3\r\nt', 'wo!\r\n3\r\ntwo\r\n'],
  ])('is an error as ever: %s', async (_name, ...wrong) => {
    wire.answer({ pieces: [head, chunk('one'), ...wrong, chunk('never')] });
    const { body, failure } = await read();
    expect({ body: body.replace('two', ''), failure }).toEqual({ body: 'one', failure: 'protocol' });
  });

  it('is an error as ever when the connection breaks between two chunks', async () => {
    wire.answer({ pieces: [head, chunk('one')], close: true });
    expect(await read()).toEqual({ body: 'one', tapped: 3, failure: 'reset' });
  });
});

describe('a reader that pauses', () => {
  const afterTurns = (turns: number, then: () => void): void =>
    void setImmediate(() => (turns > 1 ? afterTurns(turns - 1, then) : then()));

  it('gets nothing until it resumes, then all of it in order, and then whole chunks again', async () => {
    const datas = Array.from({ length: 30 }, (_, index) => `data ${index},`);
    const body = datas.join('');
    const whole = datas.map(chunk);
    // Each read but the first begins with the end of a chunk, goes on with a whole one and ends in the next.
    const torn: string[] = [''];
    for (const [index, framed] of whole.entries()) {
      torn.push(torn.pop() + (index % 2 === 0 ? framed.slice(0, 5) : framed));
      if (index % 2 === 0) torn.push(framed.slice(5));
    }
    for (const [pausedAt, pieces] of [
      [0, whole],
      [3, whole],
      [3, torn],
      [4, torn],
      [5, torn],
    ] as const) {
      wire.answer({ pieces: [head, ...pieces, last] });
      let isPaused = false;
      const result = await read({}, (count, exchange) => {
        expect(isPaused).toBe(false);
        if (count !== pausedAt) return;
        isPaused = true;
        exchange.pause();
        afterTurns(10, () => {
          isPaused = false;
          exchange.resume();
        });
      });
      expect(result.body).toBe(body);
      expect(result.tapped).toBeGreaterThan(0);
    }
  });

  it('keeps nobody waiting who has its connection when all that it reads is to be decoded', async () => {
    const packed = gzipSync('.'.repeat(500_000)).toString('latin1');
    const opening = head.replace('\r\n', '\r\nContent-Encoding: gzip\r\n');
    wire.answer(
      { pieces: [Buffer.from(opening + chunk(packed) + last, 'latin1')] },
      { pieces: [head, chunk('one'), chunk('two'), last] },
    );
    let next: Promise<Read> | undefined;
    const connections = wire.connections;
    const packedRead = await read({}, (count, exchange) => {
      if (count !== 1) return;
      next = read();
      // When the other one has the connection.
      afterTurns(3, () => exchange.pause());
      void next.then(() => exchange.resume());
    });
    expect(packedRead.body).toHaveLength(500_000);
    expect(await next).toMatchObject({ body: 'onetwo' });
    expect(wire.connections - connections).toBeLessThanOrEqual(1);
  });

  it('is not read for meanwhile, so that Node gets none of it', async () => {
    const pieces = Array.from({ length: 30 }, (_, index) => chunk(`data ${index},`));
    wire.answer({ pieces: [head, ...pieces, last] });
    const result = await read({}, (count, exchange) => {
      if (count === 0 || count % 5 > 0) return;
      exchange.pause();
      afterTurns(10, () => exchange.resume());
    });
    expect(result).toEqual({ body: expect.stringMatching(/^data 0,.*data 29,$/), tapped: result.body.length });
  });

  // Node reads on after it was given the rest of a chunk, whoever pauses.
  it('loses nothing to the end of a connection that comes while it pauses', async () => {
    const torn = chunk('hello');
    for (const [ending, failure] of [
      [last, undefined],
      ['', 'reset'],
      [chunk('cut').slice(0, 4), 'reset'],
    ] as const) {
      for (const pausedAt of [0, 1, 2, 3, 4]) {
        const pieces = [head + torn.slice(0, 5), torn.slice(5) + chunk('one') + chunk('two') + ending];
        wire.answer({ pieces, close: true });
        const result = await read({}, (count, exchange) => {
          if (count !== pausedAt) return;
          exchange.pause();
          afterTurns(100, () => exchange.resume());
        });
        const body = `helloonetwo${ending.includes('c') ? 'c' : ''}`;
        expect({ pausedAt, body: result.body, failure: result.failure }).toEqual({ pausedAt, body, failure });
      }
    }
  });

  it('finds what was read with the piece at which it paused, and what came before the connection broke', async () => {
    const datas = Array.from({ length: 30 }, (_, index) => `data ${index},`);
    wire.answer({ pieces: [head, datas.map(chunk).join('') + chunk('cut').slice(0, 4)], close: true });
    const result = await read({}, (count, exchange) => {
      if (count === 0 || count % 5 > 0) return;
      exchange.pause();
      afterTurns(10, () => exchange.resume());
    });
    const body = `${datas.join('')}c`;
    expect(result).toEqual({ body, tapped: body.length, failure: 'reset' });
  });

  it('reads what was sent, in whatever pieces it comes and whenever it pauses, and so does the next request', async () => {
    const data = fc.oneof(
      { weight: 4, arbitrary: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 200 }) },
      { weight: 3, arbitrary: fc.constantFrom('\r\n', last, 'data: x\r\n\r\n', '5\r\nhello\r\n', head) },
      { weight: 1, arbitrary: fc.integer({ min: 4_000, max: 14_000 }).map((count) => 'long '.repeat(count)) },
    );
    const script = fc.record({
      datas: fc.array(data, { minLength: 1, maxLength: 12 }),
      isPacked: fc.boolean(),
      isCutAtChunks: fc.boolean(),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      /** For how long to pause at a piece. */
      turns: fc.dictionary(fc.nat({ max: 12 }).map(String), fc.integer({ min: 1, max: 8 }), { maxKeys: 4 }),
    });
    const connections = wire.connections;
    let [tapped, all] = [0, 0];
    await fc.assert(
      fc.asyncProperty(script, async ({ datas, isPacked, isCutAtChunks, cuts, turns }) => {
        const body = datas.join('');
        const packed = gzipSync(Buffer.from(body, 'latin1'), { level: 0 }).toString('latin1');
        const parts = isPacked ? (packed.match(/[^]{1,300}/g) ?? []) : datas;
        const opening = isPacked ? head.replace('\r\n', '\r\nContent-Encoding: gzip\r\n') : head;
        const framed = [opening, ...parts.map(chunk), last];
        const bytes = Buffer.from(framed.join(''), 'latin1');
        const ends = [bytes.length, ...cuts.map((cut) => Math.floor(cut * bytes.length))];
        let end = 0;
        if (isCutAtChunks) for (const part of framed) ends.push((end += part.length));
        const at = [0, ...new Set(ends.toSorted((a, b) => a - b))];
        wire.answer({ pieces: at.slice(1).map((to, index) => bytes.subarray(at[index], to)) }, second);
        const first = await read({}, (pieces, exchange) => {
          const pausedFor = turns[pieces];
          if (pausedFor === undefined) return;
          exchange.pause();
          afterTurns(pausedFor, () => exchange.resume());
        });
        expect(first.failure).toBeUndefined();
        // Compared by itself: a difference of 100 KB is not worth drawing.
        expect(first.body === body).toBe(true);
        expect(await read()).toEqual({ body: 'second', tapped: 0 });
        if (!isPacked) [tapped, all] = [tapped + first.tapped, all + body.length];
      }),
      { numRuns: 300 },
    );
    expect(wire.connections - connections).toBeLessThanOrEqual(1);
    expect(tapped).toBeGreaterThan(all / 2);
  });
});
