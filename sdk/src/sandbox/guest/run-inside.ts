import { createPluginHarness, testManifest } from '../../testing/index.ts';
import type { HarnessOptions } from '../../testing/index.ts';
import { unhurried } from '../../testing/unhurried.ts';

/** For tests of the runtime: evaluates the body of an async function inside the isolate and brings its JSON back. */
export async function startInside(options: Partial<HarnessOptions> = {}) {
  const harness = await createPluginHarness({
    manifest: testManifest({ promptTransforms: ['t'] }),
    source: `const AsyncFunction = Object.getPrototypeOf(async function () {}).constructor;
      export default { promptTransforms: { t: { async transform(prompt, context) {
        const value = await new AsyncFunction('context', prompt.messages[0].content)(context);
        return { note: JSON.stringify(value) ?? 'undefined' };
      } } } };`,
    limits: unhurried,
    ...options,
  });
  return {
    harness,
    async inside(body: string): Promise<unknown> {
      const change = await harness.transform('t', { messages: [{ role: 'user', content: body }] });
      return change?.note === 'undefined' ? undefined : (JSON.parse(change?.note ?? 'null') as unknown);
    },
    close: () => harness.close(),
  };
}
