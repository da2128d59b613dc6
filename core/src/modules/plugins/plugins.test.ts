import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createPluginWorld, hookSubject, type PluginWorld } from '../../testing/plugin-world.ts';
import type { PluginsModule } from './index.ts';
import { HookFailed } from './plugins.errors.ts';

const transform = (body: string) =>
  `export default { promptTransforms: { main: { async transform(prompt, context) { ${body} } } } };`;
const hook = (id: string, rest: object, body: string, permissions: object = {}) => ({
  manifest: {
    id,
    contributes: { promptTransforms: [{ id: 'main', name: id, ...rest }] },
    permissions,
    settings: {
      type: 'object',
      properties: { word: { type: 'string', default: 'plain' } },
      additionalProperties: false,
    },
  },
  code: transform(body),
});

let world: PluginWorld;
let service: PluginsModule['service'];
beforeAll(async () => {
  world = await createPluginWorld([
    hook('acme.first', { priority: -1 }, `return { appendSystem: 'word ' + context.settings.word, note: 'one' };`),
    hook('acme.second', {}, `return { appendSystem: context.user ? 'for ' + context.user.nickname : 'for nobody' };`, {
      userProfile: { reason: 'greets you by name', optional: true },
    }),
    hook('acme.broken', { priority: 5 }, `throw new Error('broken');`),
    hook(
      'acme.keeper',
      { priority: 6 },
      `const n = ((await context.storage.get('n')) ?? 0) + 1; await context.storage.set('n', n);
       return { note: 'call ' + n + ' of ' + (await context.storage.list()).join() };`,
      { storage: { reason: 'counts its calls', keys: 1, bytes: 100 } },
    ),
    { ...hook('acme.noentry', { priority: 9 }, ''), code: 'this is no module' },
  ]);
  service = world.plugins.service;
});
afterAll(() => world.close());

const run = () =>
  world.plugins.promptHooks.run(
    { messages: [{ role: 'user', content: 'hi' }], model: 'm', isFirstTurn: true },
    hookSubject(),
  );

describe('prompt hooks', () => {
  test('run in order, each behind the system prompt, and say what they did', async () => {
    const { messages, additions, steps } = await run();
    expect(messages).toEqual([
      { role: 'system', content: 'word plain\n\nfor Mira' },
      { role: 'user', content: 'hi' },
    ]);
    expect(additions.map((addition) => addition.source)).toEqual(['acme.first/main', 'acme.second/main']);
    expect(steps.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
      'acme.first/main changed',
      'acme.second/main changed',
      'acme.broken/main failed',
      'acme.keeper/main unchanged',
      'acme.noentry/main failed',
    ]);
  });

  test('keep what they store, within their quota', async () => {
    const { steps } = await run();
    expect(steps.find((step) => step.source === 'acme.keeper/main')?.note).toMatch(/^call \d+ of n$/);
  });

  test('get the user only where that was granted', async () => {
    await service.change('acme.second', { refusedPermissions: ['userProfile'] });
    expect((await run()).messages[0]?.content).toContain('for nobody');
  });

  test('see new settings at once; wrong ones are refused and change nothing', async () => {
    await service.change('acme.first', { settings: { word: 'new' } });
    await expect(service.change('acme.first', { settings: { word: 7 } })).rejects.toMatchObject({
      code: 'plugin.settings-invalid',
      errors: [{ path: 'settings.word', code: 'type' }],
    });
    expect((await run()).messages[0]?.content).toContain('word new');
  });

  test('stop running when their plugin is switched off, on every instance', async () => {
    const other = await world.another();
    await service.change('acme.first', { enabled: false });
    expect(world.plugins.registry.activeHooks('promptTransforms').map((one) => one.pluginId)).not.toContain(
      'acme.first',
    );
    await vi.waitFor(
      () =>
        expect(other.plugins.registry.activeHooks('promptTransforms').map((one) => one.pluginId)).not.toContain(
          'acme.first',
        ),
      { timeout: 60_000 },
    );
  });

  test('run in the order an admin gave; unknown and doubled ones are refused', async () => {
    await service.reorder('promptTransforms', ['acme.keeper/main', 'acme.second/main']);
    expect((await run()).steps[0]?.source).toBe('acme.keeper/main');
    await expect(service.reorder('promptTransforms', ['gone.x/1'])).rejects.toMatchObject({
      code: 'plugin.hook-order-invalid',
    });
    await expect(service.reorder('promptTransforms', ['acme.keeper/main', 'acme.keeper/main'])).rejects.toMatchObject({
      code: 'plugin.hook-order-invalid',
    });
  });
});

describe('installed plugins', () => {
  test('that cannot be loaded stop none of the others', async () => {
    const { steps } = await run();
    expect(steps.find((step) => step.source === 'acme.noentry/main')?.outcome).toBe('failed');
    expect(steps.some((step) => step.outcome === 'changed')).toBe(true);
  });

  test('have names that everybody may know, also while they are switched off', async () => {
    await service.change('acme.second', { enabled: false });
    const names = world.plugins.routes.find(({ name }) => name === 'GET /api/plugins');
    expect(await names?.handle({} as never)).toContainEqual({ id: 'acme.second', name: 'acme.second' });
  });

  test('refuse only what they can do without', async () => {
    await expect(service.change('acme.keeper', { refusedPermissions: ['storage'] })).rejects.toMatchObject({
      code: 'plugin.permission-required',
    });
  });

  test('unknown ones are not found', async () => {
    await expect(service.change('acme.nobody', { enabled: false })).rejects.toMatchObject({ status: 404 });
  });
});

test('a closed hook that fails names its plugin', () => {
  expect(() =>
    world.plugins.hooks.settleFailure({ onFailure: 'closed', pluginId: 'acme.broken' } as never, new Error('x')),
  ).toThrow(HookFailed({ plugin: 'acme.broken', failure: 'x' }).message);
});
