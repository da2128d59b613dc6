import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost, tightLimits } from './support/hostile-host.ts';

const asked: { name: string; user: string; args: unknown }[] = [];
let attackIsOver = Promise.withResolvers<void>();
let waiting = 0;
const host = new HostileHost({
  capabilities: {
    'storage.get': async ({ name, subject, args }) => {
      if (subject.userId.startsWith('victim')) {
        waiting += 1;
        await attackIsOver.promise;
        return 'value';
      }
      asked.push({ name, user: subject.userId, args });
      return 'value';
    },
    'storage.set': async ({ name, subject, args }) => {
      asked.push({ name, user: subject.userId, args });
      return null;
    },
  },
});
beforeAll(() => host.start());
afterAll(() => host.stop());

const storage = { capabilities: ['storage'] };

/** What became of calls that were open from before the attack until after it, and of their users. */
async function victimsOf(attack: () => Promise<unknown>) {
  asked.length = 0;
  waiting = 0;
  attackIsOver = Promise.withResolvers<void>();
  const victim = await host.load('await context.storage.get("wait"); return { note: "victim" };', {
    grants: storage,
    limits: { wallMs: 50_000 },
  });
  const calls = [1, 2, 3].map((n) => host.outcome(victim, { user: `victim-${n}` }));
  await expect.poll(() => waiting).toBe(calls.length);
  await attack();
  attackIsOver.resolve();
  const outcomes = (await Promise.all(calls)).map(({ result, failure }) => failure ?? result);
  return { outcomes, waiting, askedInTheirName: asked.filter(({ user }) => user !== 'attacker') };
}
const unharmed = { outcomes: [1, 2, 3].map(() => ({ note: 'victim' })), waiting: 3, askedInTheirName: [] };

/** Catches the runtime's own objects as they pass through the built-ins it uses. */
const catchCalls = `
  const caught = [];
  for (const proto of [Map.prototype, Set.prototype, WeakMap.prototype]) for (const name of ['set', 'get', 'add', 'has', 'delete']) {
    const native = proto[name];
    if (native) proto[name] = function (...args) { caught.push(this, ...args); return Reflect.apply(native, this, args); };
  }
  for (const name of ['push', 'map', 'forEach', 'slice', 'join', 'concat']) {
    const native = Array.prototype[name];
    Object.defineProperty(Array.prototype, name, { value(...args) { caught[caught.length] = this; return Reflect.apply(native, this, args); }, configurable: true, writable: true });
  }
  const nativeThen = Promise.prototype.then;
  Promise.prototype.then = function (...args) { caught[caught.length] = this; caught[caught.length] = args; return Reflect.apply(nativeThen, this, args); };
  for (const symbol of [Symbol.iterator]) {
    const native = Array.prototype[symbol];
    Array.prototype[symbol] = function () { caught[caught.length] = this; return Reflect.apply(native, this, []); };
  }
`;

describe('a plugin that speaks with the voice of the runtime', () => {
  it('acts for nobody else when it changes the ids of the calls it catches', async () => {
    const body = `
      ${catchCalls}
      context.storage.get('mine').catch(() => {});
      setTimeout(() => {}, 1);
      fetch('http://127.0.0.1/').catch(() => {});
      let changed = 0;
      for (let from = 0; from < caught.length && from < 5000; from++) {
        const value = caught[from];
        if (typeof value !== 'object' || value === null) continue;
        for (const one of [value, ...(value instanceof Map ? Array.from(Map.prototype.values.call(value)) : [])]) {
          if (typeof one !== 'object' || one === null) continue;
          for (const key of Reflect.ownKeys(one)) {
            if (!/^(id|callId)$/.test(String(key)) || typeof one[key] !== 'number') continue;
            for (let other = 0; other < 50; other++) {
              try { one[key] = other; changed++; } catch {}
              try { one.emit?.({ type: 'text', text: 'forged' }); one.flushParts?.(); one.ask?.('storage.set', { key: 'forged', value: other }); } catch {}
            }
          }
        }
      }
      return { note: 'done', changed };`;
    const attack = () => host.attack(body, { grants: storage, user: 'attacker' });
    expect(await victimsOf(attack)).toEqual(unharmed);
  });

  it('writes no lines of its own between those of the runtime', async () => {
    const body = `
      const forged = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap((id) => [
        'v' + id + ',0:{"note":"forged"}', 'x' + id + ',0:["sandbox.crashed","forged"]', 'n' + id + ',0:',
        'H' + id + ',1:"storage.set",{"key":"forged"}', 'L' + id + ',0:["error","forged"]', 'p' + id + ',0:["forged"]',
        'T' + id + ',1:1', 'F' + id + ',1:{}', 'f' + id + ',0:"forged"', 'Z9:', ':', ',', 'v' + id, '\\u0000', 'v-1,0:1', 'v1e99,0:1', 'H' + id + ',1:garbage',
      ]).join('\\n');
      const nativeGet = Map.prototype.get;
      Map.prototype.get = function (key) { return typeof key === 'string' && key.includes('forged') ? { callId: 1, id: 1 } : Reflect.apply(nativeGet, this, [key]); };
      clearTimeout('0:\\n' + forged + '\\n');
      clearInterval('0:\\n' + forged + '\\n');
      setTimeout(() => {}, { valueOf: () => '1\\n' + forged });
      context.log.info('a\\n' + forged);
      console.log('b\\u2028' + forged);
      fetch('http://a.example/\\n' + forged).catch(() => {});
      fetch('http://a.example/', { method: 'GET\\n' + forged }).catch(() => {});
      context.storage.get('a\\n' + forged).catch(() => {});
      throw new Error('c\\n' + forged);`;
    // Its own call it may end as it likes.
    const attack = () => host.attack(body, { grants: storage, user: 'attacker' });
    expect(await victimsOf(attack)).toEqual(unharmed);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is cut off without a death when a setter lets %i writes of the runtime pass and holds up the next',
    async (passes) => {
      const setter = `let writes = 0; for (let i = 0; i < 20; i++) Object.defineProperty(Array.prototype, String(i), { configurable: true, set(value) {
        if (++writes > ${passes}) for (;;);
        Object.defineProperty(this, String(i), { value, writable: true, enumerable: true, configurable: true });
      } });`;
      const body = `${setter} yield { type: 'usage', input: 1 }; yield { type: 'text', text: 'a' }; await new Promise((r) => setTimeout(r, 5)); yield { type: 'usage', input: 2 };`;
      const plugin = await host.load(body, { kind: 'providers', limits: tightLimits });
      const before = host.sandbox.health().workers.map(({ pid }) => pid);
      const ended = Promise.withResolvers<string | undefined>();
      host.sandbox.stream(host.callOf(plugin, 'providers'), {
        onParts: () => undefined,
        onEnd: (failure) => ended.resolve(failure?.code ?? 'done'),
      });
      expect(await ended.promise).toMatch(/^(sandbox\.(timed-out|invalid-result|threw)|done)$/);
      await host.innocentAnswers();
      expect(host.sandbox.health().workers.map(({ pid }) => pid)).toEqual(before);
      await host.sandbox.unload(plugin);
    },
  );

  it('can hold up the drain with a setter, and is cut off like any other', async () => {
    const poison = `for (let i = 0; i < 20; i++) Object.defineProperty(Array.prototype, String(i), { set() { for (;;); }, get() { for (;;); }, configurable: true });`;
    const { failure } = await host.attack(`${poison} return { note: 'x' };`, { limits: tightLimits });
    expect(failure?.code).toMatch(/^sandbox\.(timed-out|crashed)$/);
    const stream = await host.load(`yield { type: 'text', text: 'a' }; ${poison} yield { type: 'text', text: 'b' };`, {
      kind: 'providers',
      limits: tightLimits,
    });
    const ended = Promise.withResolvers<string | undefined>();
    host.sandbox.stream(host.callOf(stream, 'providers'), {
      onParts: () => undefined,
      onEnd: (end) => ended.resolve(end?.code),
    });
    expect(await ended.promise).toMatch(/^sandbox\./);
    await host.innocentAnswers();
  });

  it('answers late, twice, or after its call is over, and nobody hears it', async () => {
    asked.length = 0;
    const body = `
      const late = () => { context.log.info('late'); context.storage.get('late').catch(() => {}); fetch('http://127.0.0.1/').catch(() => {}); };
      for (let i = 1; i < 20; i++) setTimeout(late, i * 10);
      context.signal.addEventListener('abort', late);
      return { note: 'settled' };`;
    const before = host.logs.length;
    const { result } = await host.attack(body, { grants: storage });
    expect(result).toEqual({ note: 'settled' });
    // Rung later, in the same worker, than all that were set before it.
    await host.attack('await new Promise((resolve) => setTimeout(resolve, 250)); return {};');
    expect(asked.filter(({ args }) => JSON.stringify(args).includes('late'))).toEqual([]);
    expect(host.logs.slice(before).filter(({ text }) => text === 'late')).toEqual([]);
  });

  it('asks for capabilities by other names, with other shapes, and is refused each time', async () => {
    asked.length = 0;
    const body = `
      const answers = [];
      for (const name of ['get', 'set', 'delete', 'list', '__proto__', 'constructor', 'toString']) {
        try { const act = context.storage[name]; answers.push(typeof act === 'function' ? 'resolved ' + JSON.stringify(await act.call(context.storage, { __proto__: null })) : typeof act); }
        catch (error) { answers.push(String(error.code ?? error.name)); }
      }
      return answers;`;
    const { result, failure } = await host.attack(body);
    expect(failure).toBeUndefined();
    expect(JSON.stringify(result)).not.toContain('resolved "value"');
    expect(asked).toEqual([]);
  });

  it('gives no argument that unfolds: circles, graphs, depth and size are refused inside', async () => {
    const body = `
      const circle = {}; circle.circle = circle;
      let graph = [1]; for (let i = 0; i < 30; i++) graph = [graph, graph];
      let deep = []; for (let i = 0; i < 5000; i++) deep = [deep];
      const codes = [];
      for (const value of [circle, deep, 'x'.repeat(5e6), 1n, { get a() { throw new Error('no'); } }, Symbol('a')]) {
        await context.storage.set('key', value).then(() => codes.push('taken'), (error) => codes.push('refused'));
      }
      await context.storage.set('key', graph).then(() => codes.push('taken'), () => codes.push('refused'));
      return codes;`;
    const { result, failure } = await host.attack(body, { grants: storage });
    const codes = (result as string[] | undefined)?.slice(0, 5) ?? [];
    expect(codes.filter((code) => code !== 'refused')).toEqual([]);
    expect(failure?.code ?? 'sandbox.threw').toMatch(/^sandbox\.(out-of-memory|timed-out|budget|crashed|threw)$/);
  });
});
