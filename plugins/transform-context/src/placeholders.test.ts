import { expect, test } from 'vitest';
import { fillPlaceholders } from './placeholders.ts';

test.each([
  ['Hello {{user}}', 'Hello Ada'],
  ['{{ User }} and {{USER}}', 'Ada and Ada'],
  ['{{char}} {{constructor}} {user} {{}}', '{{char}} {{constructor}} {user} {{}}'],
  ['{{price}}', '$& {{user}}'],
])('%j becomes %j', (text, filled) => {
  expect(fillPlaceholders(text, { user: 'Ada', price: '$& {{user}}' })).toBe(filled);
});
