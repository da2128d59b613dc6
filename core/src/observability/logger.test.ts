import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from './logger.ts';
import { addToScope, withinScope } from './log-scope.ts';

let lines: Record<string, unknown>[];
let text: string;
const destination = new Writable({
  write(chunk: Buffer, _encoding, done) {
    text += chunk.toString();
    lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
    done();
  },
});
beforeEach(() => {
  [lines, text] = [[], ''];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => vi.useRealTimers());
const messages = () => lines.map(({ msg }) => msg);

describe('credentials never reach a log line', () => {
  const planted = 'hunter2-hunter2-hunter2';

  test.each([
    ['under a name that says what it is', { password: planted, apiKey: planted, Authorization: planted }],
    [
      'written in any way',
      { 'x-api-key': planted, client_secret: planted, accessToken: planted, 'Set-Cookie': planted },
    ],
    ['however deep', { a: { b: { c: [{ d: { request: { headers: { cookie: planted } } } }] } } }],
    ['as a whole object', { secrets: { of: { any: planted } } }],
    ['in the address of a database', { url: `postgres://parley:${planted}@db.example.com/parley` }],
    ['in a header that is quoted', { said: `authorization: Bearer ${planted}` }],
    ['in a cookie that is quoted', { said: `parley_session=${planted}; Path=/` }],
    [
      'in an error',
      { err: Object.assign(new Error(`redis://:${planted}@cache failed`), { config: { token: planted } }) },
    ],
    ['in the cause of an error', { err: new Error('outer', { cause: new Error(`password=${planted}`) }) }],
    ['as a key of a provider', { said: `the key sk-${planted} was refused` }],
  ])('%s', (_where, details) => {
    createLogger({ level: 'info', destination }).info(details, 'in');
    expect(lines).toHaveLength(1);
    expect(text).not.toContain(planted);
    expect(text).toContain('[redacted]');
  });

  test('nor its message', () => {
    createLogger({ level: 'info', destination }).error(new Error(`postgres://parley:${planted}@db is away`));
    expect(text).not.toContain(planted);
  });

  test('while what only sounds like one stays', () => {
    const details = { tokens: 12, maxTokens: 100, turnId: 'a-turn', keys: 3, setting: 'openTurnsPerUser' };
    createLogger({ level: 'info', destination }).info(details, 'in');
    expect(lines[0]).toMatchObject(details);
  });

  test('what refers to itself is cut short', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop.self = loop;
    createLogger({ level: 'info', destination }).info({ loop }, 'in');
    expect(lines[0]).toMatchObject({ loop: { name: 'loop', self: '[…]' } });
  });
});

describe('a line says whom it concerns', () => {
  test('also when it is written far below and much later', async () => {
    const log = createLogger({ level: 'info', destination });
    await withinScope({ requestId: 'r' }, async () => {
      addToScope({ userId: 'u' });
      await Promise.resolve();
      await withinScope({ turnId: 't' }, async () => log.info('inside'));
      log.info({ userId: 'another' }, 'outside');
    });
    log.info('beyond');
    expect(lines).toMatchObject([
      { requestId: 'r', userId: 'u', turnId: 't', msg: 'inside' },
      { requestId: 'r', userId: 'another', msg: 'outside' },
      { msg: 'beyond' },
    ]);
    expect(lines[1]).not.toHaveProperty('turnId');
    expect(lines[2]).not.toHaveProperty('requestId');
  });
});

describe('of one kind there is one line in a second', () => {
  test('and the next one says how many were held back', () => {
    const log = createLogger({ level: 'info', destination });
    for (let at = 0; at < 414; at++) withinScope({ turnId: `t${at}` }, () => log.warn({ at }, 'It failed'));
    expect(messages()).toEqual(['It failed']);
    vi.advanceTimersByTime(1_000);
    expect(messages()).toEqual(['It failed', 'It failed … 412 more in the last second']);
    expect(lines[1]).toMatchObject({ at: 413, turnId: 't413' });
    log.warn('It failed');
    expect(lines).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(messages().at(-1)).toBe('It failed');
    vi.advanceTimersByTime(1_000);
    log.warn('It failed');
    expect(lines).toHaveLength(4);
  });

  test('kinds differ by level, words, kind of error, plugin and job', () => {
    const log = createLogger({ level: 'info', destination });
    for (let round = 0; round < 3; round++) {
      log.warn('It failed');
      log.error('It failed');
      log.error({ err: new TypeError('one') }, 'It failed');
      log.error({ err: Object.assign(new Error('two'), { code: 'ECONNREFUSED' }) }, 'It failed');
      log.error({ plugin: 'a@1' }, 'It failed');
      log.error({ plugin: 'b@1' }, 'It failed');
      log.error({ job: 'sweep' }, 'It failed');
      log.child({ of: 'a child' }).error({ job: 'sweep' }, 'It failed');
    }
    expect(lines).toHaveLength(7);
  });

  test('a fatal one always passes, after what is still held back', () => {
    const log = createLogger({ level: 'info', destination });
    for (let at = 0; at < 3; at++) log.error('It failed');
    log.fatal('It ends');
    log.fatal('It ends');
    expect(messages()).toEqual(['It failed', 'It failed … 1 more in the last second', 'It ends', 'It ends']);
  });

  test('whoever looks for single ones gets them all', () => {
    const log = createLogger({ level: 'debug', destination });
    for (let at = 0; at < 5; at++) log.debug('Answered');
    expect(lines).toHaveLength(5);
  });

  test('kinds without end share one', () => {
    const log = createLogger({ level: 'info', destination });
    for (let at = 0; at < 2_000; at++) log.info(`made up ${at}`);
    expect(lines.length).toBeLessThan(600);
    vi.advanceTimersByTime(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
