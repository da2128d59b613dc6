import { createPluginHarness, type HarnessOptions } from '@parley/sdk/testing';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const context = {
  timeZone: 'Asia/Shanghai',
  now: '2026-11-21T18:04:00.000Z',
  user: { nickname: 'Ada', language: 'zh' },
};

async function transformed(options: HarnessOptions) {
  const harness = await createPluginHarness({ folder, context, ...options });
  try {
    return await harness.transform('context', { messages: [], model: 'gpt-x' });
  } finally {
    await harness.close();
  }
}

describe('in the sandbox', () => {
  test('the granted plugin tells all it knows', async () => {
    expect(await transformed({ settings: { instructions: 'Greet {{user}} as {{model}}.' } })).toEqual({
      appendSystem: [
        'For the user it is now Sunday, 22 November 2026, 02:04 (Asia/Shanghai).',
        'The user is called "Ada".',
        'The user has set their language to Chinese (zh).',
        '',
        'Greet Ada as gpt-x.',
      ].join('\n'),
      note: 'Added date and time (Asia/Shanghai), nickname, language (zh), custom instructions (19 characters).',
    });
  });

  test('without the permission it keeps quiet about the person', async () => {
    expect(await transformed({ grants: { capabilities: [] } })).toEqual({
      appendSystem: 'For the user it is now Sunday, 22 November 2026, 02:04 (Asia/Shanghai).',
      note: 'Added date and time (Asia/Shanghai).',
    });
  });
});
