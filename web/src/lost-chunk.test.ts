import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reloadOnLostChunk } from './lost-chunk.ts';
import { toasts } from './ui/toasts.svelte.ts';

const fetched = vi.fn<typeof fetch>();
const reload = vi.fn<() => void>();
reloadOnLostChunk({ fetch: fetched, reload });

function lose() {
  const event = new Event('vite:preloadError', { cancelable: true });
  dispatchEvent(event);
  return event;
}
const said = () => toasts.list.map(({ text }) => text);
const patiently = { timeout: 60_000 };

describe('a part of the page that can not be loaded', () => {
  beforeEach(() => {
    sessionStorage.clear();
    fetched.mockReset();
    reload.mockReset();
  });
  afterEach(() => {
    for (const { id } of toasts.list) toasts.dismiss(id);
  });

  test('is fetched with a new page, as the server has one', async () => {
    fetched.mockImplementation(async () => new Response('<!doctype html>'));
    lose();
    await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1), patiently);
    expect(fetched).toHaveBeenCalledWith('/', expect.objectContaining({ cache: 'no-store' }));
    expect(said()).toEqual([]);
  });

  test.each([
    ['the network is away', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['the server restarts', async () => new Response(null, { status: 502 })],
  ])('leaves the page as it is while %s, and says so', async (_, answer) => {
    fetched.mockImplementation(answer);
    lose();
    await vi.waitFor(
      () => expect(said()).toEqual(['Parley could not be reached. Check your connection and try again.']),
      patiently,
    );
    expect(reload).not.toHaveBeenCalled();
  });

  test('reloads the page once, though many parts are lost at once and the new page has none of them', async () => {
    fetched.mockImplementation(async () => new Response('<!doctype html>'));
    lose();
    lose();
    await vi.waitFor(() => expect(reload).toHaveBeenCalled(), patiently);
    lose();
    await vi.waitFor(() => expect(said()).toEqual(['This could not be loaded']), patiently);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test('fails for whoever asked for it: the page may stay', () => {
    fetched.mockReturnValue(new Promise(() => {}));
    expect(lose().defaultPrevented).toBe(false);
  });
});
