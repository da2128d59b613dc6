import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPluginWorld, hookSubject, type PluginWorld } from '../../testing/plugin-world.ts';
import { createModerationModule, type Moderation } from './index.ts';

const gate = (id: string, on: string[], priority: number, body: string, onFailure = 'closed') => ({
  manifest: { id, contributes: { moderators: [{ id: 'gate', name: id, on, priority, onFailure }] } },
  code: `export default { moderators: { gate: { check({ text, direction }) { ${body} } } } };`,
});
const filter = (id: string, priority: number, run: string, onFailure = 'closed') => ({
  manifest: { id, contributes: { streamFilters: [{ id: 'filter', name: id, priority, onFailure }] } },
  code: `export default { streamFilters: { filter: { start() { ${run} } } } };`,
});

let world: PluginWorld;
let moderation: Moderation;
beforeAll(async () => {
  world = await createPluginWorld([
    gate(
      'acme.masker',
      ['input'],
      1,
      `return { action: 'mask', text: text.replaceAll('secret', '******'), rule: 'secrets' };`,
    ),
    gate(
      'acme.blocker',
      ['input', 'output'],
      2,
      `return text.includes('bomb') ? { action: 'block', rule: 'bombs' } : { action: 'allow' };`,
    ),
    gate(
      'acme.marker',
      ['input'],
      3,
      `return text.includes('odd') ? { action: 'flag', rule: 'odd ones', note: 'look' } : { action: 'allow' };`,
    ),
    gate('acme.faulty', ['input'], 4, `if (text.includes('crash')) throw new Error('x'); return { action: 'allow' };`),
    gate('acme.shy', ['input'], 5, `throw new Error('always');`, 'open'),
    filter('acme.upper', 1, `return { push: (text) => ({ text: text.toUpperCase() }), end: () => ({ text: '' }) };`),
    filter(
      'acme.keeper',
      2,
      `let kept = '';
      return { push(text) { const out = kept; kept = text; return { text: out }; }, end: () => ({ text: kept }) };`,
    ),
    filter(
      'acme.stopper',
      3,
      `return { push: (text) => text.includes('STOP') ? { text: 'cut', block: { rule: 'stops' } } : { text }, end: () => ({ text: '' }) };`,
    ),
    filter(
      'acme.weak',
      4,
      `return { push(text) { if (text.includes('WEAK')) throw new Error('x'); return { text }; }, end: () => ({ text: '' }) };`,
      'open',
    ),
  ]);
  moderation = createModerationModule(world.plugins);
});
afterAll(() => world.close());

describe('input gates', () => {
  test('see what the one before left', async () => {
    const result = await moderation.checkInput('my secret', hookSubject());
    expect(result).toMatchObject({ text: 'my ******', blockedBy: null, flaggedBy: null });
    expect(result.steps.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
      'acme.masker/gate changed',
      'acme.blocker/gate unchanged',
      'acme.marker/gate unchanged',
      'acme.faulty/gate unchanged',
      'acme.shy/gate failed',
    ]);
  });

  test('the first block ends it and names plugin and rule', async () => {
    const result = await moderation.checkInput('a bomb, odd', hookSubject());
    expect(result.blockedBy).toEqual({ plugin: 'acme.blocker', rule: 'bombs' });
    expect(result.flaggedBy).toBeNull();
  });

  test('a flag lets it pass', async () => {
    const result = await moderation.checkInput('odd', hookSubject());
    expect(result).toMatchObject({ flaggedBy: { plugin: 'acme.marker', rule: 'odd ones' }, blockedBy: null });
  });

  test('a closed one that fails stops it', async () => {
    await expect(moderation.checkInput('crash', hookSubject())).rejects.toMatchObject({ code: 'plugin.hook-failed' });
  });
});

test('an output gate is there only while a plugin asks for it', async () => {
  expect((await moderation.outputGate()!('bomb', hookSubject())).blockedBy?.plugin).toBe('acme.blocker');
  await world.plugins.service.change('acme.blocker', { enabled: false });
  expect(moderation.outputGate()).toBeNull();
});

describe('stream filters', () => {
  async function run(...pieces: string[]) {
    const chain = (await moderation.openFilters(hookSubject()))!;
    const out: string[] = [];
    for (const piece of pieces) {
      const { text, blockedBy } = await chain.push(piece);
      out.push(text);
      if (blockedBy !== null) return { text: out.join(''), blockedBy, steps: chain.steps() };
    }
    out.push((await chain.end()).text);
    chain.close();
    return { text: out.join(''), blockedBy: null, steps: chain.steps() };
  }

  test('pass text on in order, what was kept back included', async () => {
    const { text, steps } = await run('a', 'b', 'c');
    expect(text).toBe('ABC');
    expect(steps.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
      'acme.upper/filter changed',
      'acme.keeper/filter unchanged',
      'acme.stopper/filter unchanged',
      'acme.weak/filter unchanged',
    ]);
  });

  test('take the answer of a filter that was fed on the way, and ask the others', async () => {
    const chain = (await moderation.openFilters(hookSubject()))!;
    expect(chain.feeds()).toBeDefined();
    const first = await chain.push('a', { text: 'FED' });
    const last = await chain.end();
    expect(first.text + last.text).toBe('FED');
    chain.close();
    const [fed, asked] = chain.steps();
    expect(fed).toMatchObject({ source: 'acme.upper/filter', outcome: 'changed', ms: null });
    expect(asked!.ms).toBeGreaterThan(0);
  });

  test('end the reply where one blocks', async () => {
    const { text, blockedBy } = await run('one ', 'stop', 'never');
    expect([text, blockedBy]).toEqual(['ONE cut', { plugin: 'acme.stopper', rule: 'stops' }]);
  });

  test('that fail open are passed over, their text kept', async () => {
    const { text, steps } = await run('a', 'weak', 'b');
    expect(text).toBe('AWEAKB');
    expect(steps.at(-1)?.outcome).toBe('failed');
  });
});
