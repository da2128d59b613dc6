import { afterAll, expect, test } from 'vitest';
import type { Config } from '../config/config.ts';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';

const token = 'a-token-of-the-scraper';
const undo = new AsyncDisposableStack();
afterAll(() => undo.disposeAsync());

async function parleyWith(metrics: Config['metrics']): Promise<TestApp> {
  const parley = await createTestApp({ withoutPlugins: true, config: { metrics } });
  undo.defer(() => parley.stop());
  return parley;
}
const read = async (url: string, authorization?: string) => {
  const response = await fetch(url, { headers: authorization === undefined ? {} : { authorization } });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

test('nobody is shown metrics unless it was configured', async () => {
  const parley = await parleyWith({ token: null, port: null });
  expect(await read(`${parley.url}/metrics`)).toMatchObject({ status: 404 });
  expect(await read(`${parley.url}/metrics`, 'Bearer undefined')).toMatchObject({ status: 404 });
});

test('with a token they are for whoever brings it', async () => {
  const parley = await parleyWith({ token, port: null });
  const url = `${parley.url}/metrics`;
  expect(await read(url)).toMatchObject({ status: 401 });
  expect(await read(url, 'Bearer another')).toMatchObject({ status: 401 });
  expect(await read(url, `Basic ${token}`)).toMatchObject({ status: 401 });
  expect(await read(url, `Bearer ${token}`)).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    text: expect.stringContaining('parley_turns_open{state="running"} 0\n'),
  });
});

test('with a port they are there and nowhere else', async () => {
  const parley = await parleyWith({ token, port: 0 });
  expect(await read(`${parley.url}/metrics`, `Bearer ${token}`)).toMatchObject({ status: 404 });
  const url = parley.metricsUrl!;
  expect(await read(url, `Bearer ${token}`)).toMatchObject({ status: 200 });
  expect(await read(url)).toMatchObject({ status: 401 });
  expect(await read(url.replace('/metrics', '/healthz'))).toMatchObject({ status: 404 });
});

test('a port that only the scraper can reach needs no token', async () => {
  const parley = await parleyWith({ token: null, port: 0 });
  expect(await read(parley.metricsUrl!)).toMatchObject({ status: 200 });
});

test('apps that live in one process count for themselves', async () => {
  const [one, two] = [await parleyWith({ token, port: null }), await parleyWith({ token, port: null })];
  one.app.platform.metrics.turns.reaped();
  const reaped = async (parley: TestApp) =>
    /^parley_turns_reaped_total (\d+)$/m.exec((await read(`${parley.url}/metrics`, `Bearer ${token}`)).text)?.[1];
  expect([await reaped(one), await reaped(two)]).toEqual(['1', '0']);
});
