import { describe, expect, test } from 'vitest';
import { type Hook, resolveHookOrder } from './hook-order.ts';

function hook(ref: string, wishes: Partial<Pick<Hook, 'priority' | 'before' | 'after'>> = {}): Hook {
  const [pluginId, contribution] = ref.split('/') as [string, string];
  return {
    ref,
    name: ref,
    plugin: `${pluginId}@1.0.0`,
    pluginId,
    contribution,
    onFailure: 'open',
    on: [],
    enabled: true,
    priority: 0,
    before: [],
    after: [],
    ...wishes,
  };
}
const order = (hooks: Hook[], preferred?: string[]) => {
  const resolved = resolveHookOrder(hooks, preferred);
  return resolved.ok ? resolved.hooks.map((entry) => entry.ref) : resolved.cycle;
};

describe('the order of hooks', () => {
  test('is by priority, then by name, whatever order they were installed in', () => {
    expect(order([hook('b.x/1'), hook('c.x/1', { priority: -5 }), hook('a.x/1')])).toEqual(['c.x/1', 'a.x/1', 'b.x/1']);
  });

  test('keeps before and after above priority', () => {
    expect(
      order([
        hook('a.x/1', { after: ['b.x/1'] }),
        hook('b.x/1', { priority: 9 }),
        hook('c.x/1', { before: ['a.x/1'] }),
      ]),
    ).toEqual(['c.x/1', 'b.x/1', 'a.x/1']);
  });

  test("follows the admin's order where before and after allow it", () => {
    const hooks = [hook('a.x/1'), hook('b.x/1'), hook('c.x/1', { after: ['a.x/1'] })];
    expect(order(hooks, ['c.x/1', 'b.x/1', 'a.x/1'])).toEqual(['b.x/1', 'a.x/1', 'c.x/1']);
  });

  test('puts hooks the admin never placed after those that were', () => {
    expect(order([hook('a.x/1'), hook('z.x/1')], ['z.x/1'])).toEqual(['z.x/1', 'a.x/1']);
  });

  test('ignores wishes about hooks that are not installed', () => {
    expect(order([hook('a.x/1', { after: ['gone.x/1'] })])).toEqual(['a.x/1']);
  });

  test('refuses a circle and names who is in it', () => {
    const resolved = resolveHookOrder([hook('a.x/1', { after: ['b.x/1'] }), hook('b.x/1', { after: ['a.x/1'] })]);
    expect(resolved).toEqual({ ok: false, cycle: ['a.x/1', 'b.x/1'] });
  });
});
