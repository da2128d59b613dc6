import { render, screen } from '@testing-library/svelte';
import type { Trace } from '@parley/sdk/contract';
import { expect, test } from 'vitest';
import TraceSections from './TraceSections.svelte';

test('the sum above the parts is the sum of the parts, whatever the provider counted', () => {
  const section = { source: 'history', role: 'user', text: 'Hello', messageId: null } as const;
  const trace: Partial<Trace> = {
    sections: [
      { ...section, tokens: 42 },
      { ...section, tokens: 2 },
    ],
    promptTokens: 28,
    contextTokens: 32_768,
    omittedMessages: 0,
  };
  render(TraceSections, { trace: trace as Trace });
  expect(screen.getByText('44 of 32,768 tokens')).toBeVisible();
});
