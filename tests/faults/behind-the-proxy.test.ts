import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestApp, lastingPort, type TestApp, type TestUser } from '@parley/core/testing';
import { startTestRedis } from '@parley/core/testing/services';
import { createHttpClient, createSocket } from '@parley/sdk/client';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { followTurn } from '../support/parley/follow-turn.ts';
import { holds } from '../support/parley/openai-upstream.ts';
import { type ParleyWithUpstream, startParleyWithUpstream } from '../support/parley/parley-with-upstream.ts';
import { ensureCaddy } from '../support/services/ensure-caddy.ts';

const caddyfile = fileURLToPath(new URL('../../deploy/Caddyfile', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
const caddy = await ensureCaddy(cache);
const undo = new AsyncDisposableStack();
let url: string;
/** Past the proxy, for what is only there to make something to look at. */
let direct: string;
let one: ParleyWithUpstream;
let two: TestApp;
let user: TestUser;
let key: string;

describe.skipIf(caddy === undefined)('behind the proxy of the cluster, as its file says', () => {
  beforeAll(async () => {
    const redis = await startTestRedis();
    undo.defer(() => redis.stop());
    const port = await lastingPort();
    url = `http://127.0.0.1:${port}`;
    const ports = [await lastingPort(), await lastingPort()] as const;
    direct = `http://127.0.0.1:${ports[0]}`;
    const configAt = (own: number) => ({
      drainMs: 5_000,
      redisUrl: redis.url,
      server: { port: own, publicUrl: url, trustedProxies: ['127.0.0.1'] },
    });
    one = await startParleyWithUpstream({ config: configAt(ports[0]) });
    undo.defer(() => one.stop());
    two = await createTestApp({ config: configAt(ports[1]), databaseUrl: one.databaseUrl });
    undo.defer(() => two.stop());
    user = await one.users.create();
    key = await one.users.createApiKey(user);
    await startProxy(ports.map((own) => `127.0.0.1:${own}`));
  });
  afterAll(() => undo.disposeAsync());

  async function startProxy(cores: string[]): Promise<void> {
    const home = await mkdtemp(join(tmpdir(), 'parley-proxy-'));
    undo.defer(() => rm(home, { recursive: true, force: true }));
    const [http, https] = [await lastingPort(), await lastingPort()];
    const proxy = spawn(caddy!, ['run', '--config', caddyfile, '--adapter', 'caddyfile'], {
      stdio: 'ignore',
      env: {
        HOME: home,
        PARLEY_ADDRESS: url,
        PARLEY_CORES: cores.join(' '),
        PROXY_HTTP_PORT: String(http),
        PROXY_HTTPS_PORT: String(https),
      },
    });
    undo.defer(async () => {
      const ended = once(proxy, 'exit');
      proxy.kill('SIGKILL');
      await ended;
    });
    await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200), { timeout: 60_000 });
  }

  test('a streamed answer arrives piece by piece', async () => {
    const held = holds('first ');
    one.upstream.script(held.answer);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 10 });
    const stream = await client.chat.completions.create({
      model: one.model,
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    let text = '';
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      // Nothing more comes from the model before this piece has passed the proxy.
      if (text === 'first ') held.release('second');
    }
    expect(text).toBe('first second');
  });

  test.each(['websocket', 'polling'] as const)('a reply is followed over %s while it is written', async (transport) => {
    const held = holds('seen ');
    one.upstream.script(held.answer);
    const socket = createSocket(url, { transports: [transport], upgrade: false, auth: { token: key }, forceNew: true });
    undo.defer(() => void socket.disconnect());
    const http = createHttpClient({ baseUrl: direct, headers: { cookie: user.cookie } });
    const { id } = await http('POST /api/conversations', { body: { model: one.model } });
    const body = { clientTurnId: crypto.randomUUID(), text: 'Hi' };
    const { turn } = await http('POST /api/conversations/:id/turns', { params: { id }, body });
    const reply = followTurn(socket, id, turn.id);
    await expect.poll(() => reply.text()).toBe('seen ');
    held.release('to its end');
    await expect.poll(() => reply.ending()).toBe('completed');
    expect([reply.text(), reply.fault()]).toEqual(['seen to its end', null]);
    expect(socket.io.engine.transport.name).toBe(transport);
  });

  test('what is for the inside is not shown outside', async () => {
    for (const path of ['/readyz', '/metrics']) expect((await fetch(url + path)).status).toBe(404);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('a core that stops is not missed', async () => {
    const statuses = new Set<number>();
    const enough = new AbortController();
    const asking = (async () => {
      while (!enough.signal.aborted) {
        statuses.add((await fetch(`${url}/api/me`, { headers: { cookie: user.cookie } })).status);
      }
    })();
    await two.stop();
    enough.abort();
    await asking;
    for (let time = 0; time < 20; time += 1) {
      statuses.add((await fetch(`${url}/api/me`, { headers: { cookie: user.cookie } })).status);
    }
    expect([...statuses]).toEqual([200]);
  });
});
