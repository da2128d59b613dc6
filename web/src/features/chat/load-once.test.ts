// @vitest-environment node
import { describe, expect, test, vi } from 'vitest';
import { loadOnce } from './load-once.ts';

describe('what is loaded once', () => {
  test('is the same for all who ask', async () => {
    const load = vi.fn<() => Promise<object>>(async () => ({}));
    const ask = loadOnce(load);
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(await ask()).toBe(first);
    expect(second).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('is tried again by the next who asks, when it failed', async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError('away')).mockResolvedValue('here');
    const ask = loadOnce(load);
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe('here');
  });
});
