import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectToServer, events, json, pieces, simpleRequest } from './testing/openai-server.ts';
import { brokenSamples } from './testing/samples/faults.ts';
import { reasoningSamples } from './testing/samples/reasoning.ts';
import { textSamples } from './testing/samples/text.ts';
import { toolSamples } from './testing/samples/tool-calls.ts';

const samples = [...textSamples, ...reasoningSamples, ...toolSamples, ...brokenSamples];
const bytesOf = (text: string) => new TextEncoder().encode(text);
const whole = {
  id: 'c1',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
};
/** The sandbox makes its own ids for calls that have none. */
const anyText: unknown = expect.any(String);
const withAnyMadeId = (part: Record<string, unknown>) => (part['id'] === 'made' ? { ...part, id: anyText } : part);
const hi = [
  { type: 'text', text: 'Hi' },
  { type: 'usage', input: 9, output: 2 },
  { type: 'finish', reason: 'stop', raw: 'stop' },
];
const short = textSamples[1]?.body ?? '';

describe('in the sandbox', () => {
  let to: Awaited<ReturnType<typeof connectToServer>>;
  beforeAll(async () => {
    to = await connectToServer({ thinkTags: 'start' });
  });
  beforeEach(() => {
    to.server.requests.length = 0;
    to.server.aborted.length = 0;
  });
  afterAll(() => to.close());

  describe('a stream over the wire', () => {
    test.each(samples)('$name', async ({ body, parts }) => {
      const expected = parts.map((part) => expect.objectContaining(withAnyMadeId(part)));
      to.answer(events(body));
      expect(await to.ask()).toEqual(expected);
      to.answer(pieces(Array.from(bytesOf(body), (byte) => Uint8Array.of(byte))));
      expect(await to.ask()).toEqual(expected);
    });

    test('may be cut at every byte', async () => {
      const { body, parts } = textSamples[0] ?? { body: '', parts: [] };
      const bytes = bytesOf(body);
      for (let at = 1; at < bytes.length; at += 7) {
        to.answer(pieces([bytes.subarray(0, at), bytes.subarray(at)]));
        expect(await to.ask()).toEqual(parts);
      }
    });

    test('of a thousand events arrives whole, in few parts', async () => {
      const word = (n: number) => `data: {"choices":[{"delta":{"content":"w${n} "}}]}\n\n`;
      to.answer(events(`${Array.from({ length: 1000 }, (_, n) => word(n)).join('')}${short}`));
      const [text] = await to.ask();
      expect(text).toEqual({ type: 'text', text: `${Array.from({ length: 1000 }, (_, n) => `w${n} `).join('')}Hi` });
    });
  });

  describe('an answer that is no stream', () => {
    test.each([
      ['JSON though a stream was asked for', 'application/json', JSON.stringify(whole)],
      ['JSON behind the blank lines of DeepSeek', 'application/json', `\n\n\n${JSON.stringify(whole, null, 2)}`],
      ['JSON that calls itself nothing', 'application/octet-stream', JSON.stringify(whole)],
      ['events that call themselves text', 'text/plain', `\uFEFFdata: ${JSON.stringify(whole)}\r\n\r\ndata: [DONE]`],
    ])('is read: %s', async (_, type, body) => {
      to.answer((response) => {
        response.writeHead(200, { 'content-type': type });
        response.end(body);
      });
      expect(await to.ask()).toEqual(hi);
    });

    test.each([
      [
        'an error object',
        'application/json',
        '{"error":{"message":"no model","code":"model_not_found"}}',
        'bad_request',
      ],
      ['a page of HTML', 'text/html', '<!doctype html><title>Welcome to nginx</title>', 'server'],
      ['nothing at all', 'application/json', '', 'server'],
      ['half of an object', 'application/json', '{"id":"c1","choices":[{"mess', 'server'],
      ['MiniMax out of money', 'application/json', '{"base_resp":{"status_code":1008,"status_msg":"no"}}', 'quota'],
    ])('is told as an error: %s', async (_, type, body, errorClass) => {
      to.answer((response) => {
        response.writeHead(200, { 'content-type': type });
        response.end(body);
      });
      expect(await to.ask()).toEqual([expect.objectContaining({ type: 'error', class: errorClass })]);
    });
  });

  describe('a request', () => {
    test('carries the key that the plugin never sees, and goes to the right place', async () => {
      to.answer(events(short));
      await to.ask();
      expect(to.server.requests).toHaveLength(1);
      expect(to.server.requests[0]).toMatchObject({
        method: 'POST',
        path: '/v1/chat/completions',
        headers: expect.objectContaining({ authorization: 'Bearer sk-very-secret', accept: 'text/event-stream' }),
      });
      expect(to.bodies()[0]).toMatchObject({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    });

    test('is made again without a field the server refuses, and the next one leaves it out from the start', async () => {
      const refuse = (param: string) =>
        json(400, { error: { message: `Unsupported parameter: '${param}'`, code: 'unsupported_parameter', param } });
      const parameters = { temperature: 0.5, maxTokens: 9, topP: 1 };
      to.answer(refuse('temperature'), refuse('max_tokens'), events(short), events(short));
      const request = { model: 'picky', parameters };
      expect((await to.ask(request)).at(-1)).toMatchObject({ type: 'finish' });
      await to.ask(request);
      const bodies = to.bodies();
      expect(bodies).toHaveLength(4);
      for (const body of bodies.slice(2)) {
        expect(body).toMatchObject({ max_completion_tokens: 9, top_p: 1 });
        expect(body).not.toHaveProperty('temperature');
        expect(body).not.toHaveProperty('max_tokens');
      }
    });

    test('is not made again for ever, nor without its tools', async () => {
      const refuse = (param: string) => json(400, { error: { message: 'no', code: 'unsupported_parameter', param } });
      to.answer(refuse('temperature'), refuse('temperature'));
      const stubborn = await to.ask({ model: 'stubborn', parameters: { temperature: 1 } });
      expect(stubborn.at(-1)).toMatchObject({ type: 'error', class: 'bad_request' });
      to.answer(refuse('tools'));
      expect(await to.ask({ model: 'toolless', tools: [{ name: 'roll' }] })).toMatchObject([{ class: 'bad_request' }]);
      expect(to.server.requests).toHaveLength(3);
    });
  });

  describe('a failure', () => {
    test('comes with its class, its wait and the id of the request, and is not repeated here', async () => {
      to.answer(
        json(
          429,
          { error: { message: 'slow', code: 'rate_limit_exceeded' } },
          { 'retry-after': '2', 'x-request-id': 'r1' },
        ),
      );
      expect(await to.ask()).toEqual([
        {
          type: 'error',
          class: 'rate_limit',
          retryable: true,
          retryAfterMs: 2000,
          status: 429,
          providerCode: 'rate_limit_exceeded',
          message: 'The server answered 429: slow',
          requestId: 'r1',
        },
      ]);
      expect(to.server.requests).toHaveLength(1);
    });

    test('of the key is told without the key', async () => {
      to.answer((response, { headers }) =>
        json(401, { error: { message: `bad ${headers['authorization']}` } })(response, to.server.requests[0]!),
      );
      const [error] = await to.ask();
      expect(error).toMatchObject({ class: 'auth', retryable: false });
      expect(JSON.stringify(error)).not.toContain('very-secret');
    });

    test('in the middle keeps the words before it', async () => {
      to.answer((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"id":"c1","choices":[{"delta":{"content":"Hi"}}]}\n\n', () => response.destroy());
      });
      expect(await to.ask()).toMatchObject([
        { type: 'text', text: 'Hi' },
        { type: 'error', class: 'interrupted', retryable: true },
      ]);
    });

    test('behind the reason of the end changes nothing', async () => {
      to.answer((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(short, () => response.destroy());
      });
      expect((await to.ask()).at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
    });

    test('of a redirect to another host does not carry the key there', async () => {
      const elsewhere = await connectToServer();
      try {
        to.answer((response) => {
          response.writeHead(307, { location: `${elsewhere.server.url}/v1/chat/completions` });
          response.end();
        });
        expect(await to.ask()).toMatchObject([{ type: 'error', retryable: false }]);
        expect(elsewhere.server.requests).toHaveLength(0);
      } finally {
        await elsewhere.close();
      }
    });
  });

  describe('a body', () => {
    test('may be compressed', async () => {
      to.answer(events(gzipSync(textSamples[0]?.body ?? ''), { 'content-encoding': 'gzip' }));
      expect(await to.ask()).toEqual(textSamples[0]?.parts);
    });

    test('that is compressed and cut short is an interrupted one', async () => {
      const half = gzipSync(`${'data: {"choices":[{"delta":{"content":"Hi "}}]}\n\n'.repeat(500)}${short}`).subarray(
        0,
        -40,
      );
      to.answer(events(half, { 'content-encoding': 'gzip' }));
      expect((await to.ask()).at(-1)).toMatchObject({ type: 'error', retryable: true });
    });

    test('with one event of ten megabytes is refused, and the next one is read again', async () => {
      to.answer(events(`data: {"choices":[{"delta":{"content":"${'x'.repeat(10_000_000)}"}}]}\n\n`));
      expect((await to.ask()).at(-1)).toMatchObject({ type: 'error', class: 'server', retryable: false });
      to.answer(events(short));
      expect((await to.ask()).at(-1)).toMatchObject({ type: 'finish' });
    });

    test('of comments alone is waited for', async () => {
      to.answer(async (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let n = 0; n < 20; n++) {
          response.write(': OPENROUTER PROCESSING\n\n');
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        response.end(short);
      });
      expect(await to.ask()).toMatchObject([{ text: 'Hi' }, { type: 'finish' }]);
    });
  });

  test('a stop ends the request at the server', async () => {
    to.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"id":"c1","choices":[{"delta":{"content":"Hi"}}]}\n\n');
    });
    for await (const part of to.harness.chat('openai', simpleRequest)) if (part.type === 'text') break;
    await expect.poll(() => to.server.aborted.length).toBe(1);
  });

  test('a stop before the server has said anything ends the request, too', async () => {
    const stop = new AbortController();
    to.answer(() => stop.abort());
    const reply = to.harness.chat('openai', simpleRequest, { signal: stop.signal });
    await expect(reply[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'sandbox.aborted' });
    await expect.poll(() => to.server.aborted.length).toBe(1);
  });

  test('the end is told at once, even when the server keeps the connection', async () => {
    to.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`${short}data: [DONE]\n\n`);
    });
    const kinds: string[] = [];
    for await (const part of to.harness.chat('openai', simpleRequest)) kinds.push(part.type);
    expect(kinds).toEqual(['start', 'text', 'finish']);
  });

  describe('models', () => {
    test('are listed from the server', async () => {
      to.answer(json(200, { object: 'list', data: [{ id: 'a', context_length: 100 }, { id: 'b' }] }));
      expect(await to.harness.listModels('openai')).toEqual([{ id: 'a', contextTokens: 100 }, { id: 'b' }]);
      expect(to.server.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models' });
    });

    test('say why they can not be listed', async () => {
      to.answer(json(401, { error: { message: 'no such key' } }));
      await expect(to.harness.listModels('openai')).rejects.toMatchObject({
        detail: 'The server answered 401: no such key',
      });
    });
  });
});

describe('a connection', () => {
  async function connected(
    settings: Record<string, unknown>,
    use: (to: Awaited<ReturnType<typeof connectToServer>>) => Promise<void>,
  ) {
    const to = await connectToServer(settings);
    try {
      await use(to);
    } finally {
      await to.close();
    }
  }

  test('without streaming asks for whole answers', () =>
    connected({ streaming: false }, async (to) => {
      to.answer(json(200, { ...whole, choices: [{ ...whole.choices[0], finish_reason: null }] }));
      expect(await to.ask()).toEqual([hi[0], hi[1], { type: 'finish', reason: 'stop' }]);
      expect(to.bodies()[0]).toMatchObject({ stream: false });
      expect(to.bodies()[0]).not.toHaveProperty('stream_options');
    }));

  test('gives up a server that stays silent before the first word', () =>
    connected({ firstTokenSeconds: 1 }, async (to) => {
      to.answer(() => undefined);
      expect(await to.ask()).toMatchObject([
        { class: 'timeout', retryable: true, providerCode: 'first_token_timeout' },
      ]);
      await expect.poll(() => to.server.aborted.length).toBe(1);
    }));

  test('gives up a server that falls silent after the first word', () =>
    connected({ idleSeconds: 1 }, async (to) => {
      to.answer((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"id":"c1","choices":[{"delta":{"content":"Hi"}}]}\n\n');
      });
      expect(await to.ask()).toMatchObject([{ text: 'Hi' }, { class: 'timeout', providerCode: 'idle_timeout' }]);
      await expect.poll(() => to.server.aborted.length).toBe(1);
    }));

  test('that forbids tools refuses requests that need them', () =>
    connected({ tools: false }, async (to) => {
      expect(await to.ask({ tools: [{ name: 'roll' }] })).toMatchObject([
        { class: 'bad_request', providerCode: 'tools_not_allowed' },
      ]);
      expect(to.server.requests).toHaveLength(0);
    }));

  test('with a setting that can not be used says which', () =>
    connected({ extraBody: '{' }, async (to) => {
      expect(await to.ask()).toMatchObject([{ class: 'bad_request', message: expect.stringContaining('More fields') }]);
    }));

  test('adds models by hand, and lists only those where the server has no list', () =>
    connected({ extraModels: 'mine\n\nb\n' }, async (to) => {
      to.answer(json(200, { data: [{ id: 'b', name: 'B' }] }));
      expect(await to.harness.listModels('openai')).toEqual([{ id: 'b', name: 'B' }, { id: 'mine' }]);
      to.answer(json(404, { detail: 'Not Found' }));
      expect(await to.harness.listModels('openai')).toEqual([{ id: 'mine' }, { id: 'b' }]);
    }));

  test('to a server that is not there says so', () =>
    connected({ baseUrl: 'http://127.0.0.1:9' }, async (to) => {
      expect(await to.ask()).toMatchObject([{ class: 'server', retryable: true }]);
      await expect(to.harness.listModels('openai')).rejects.toMatchObject({
        detail: expect.stringMatching(/^The server could not be reached/),
      });
    }));
});
