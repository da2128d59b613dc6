import { expect, test } from 'vitest';
import { assertModelAllowed, isModelAllowed } from './allowed-models.ts';

const tier = { id: 'free', name: 'Free' };

test('without a list every model is allowed, with an empty one none', () => {
  expect(isModelAllowed({ allowedModels: null }, 'a/b')).toBe(true);
  expect(isModelAllowed({ allowedModels: [] }, 'a/b')).toBe(false);
});

test('a name means that model, a star at the end all that begin so', () => {
  const allowedModels = ['demo/eliza', 'openai/gpt-4*', 'own/*'];
  const allowed = (model: string) => isModelAllowed({ allowedModels }, model);
  expect(['demo/eliza', 'openai/gpt-4', 'openai/gpt-4o-mini', 'own/x'].every(allowed)).toBe(true);
  expect(['demo/eliza-2', 'demo/eliz', 'openai/gpt-3', 'owner/x', ''].some(allowed)).toBe(false);
});

test('what is not allowed is refused with its reason', () => {
  expect(() => assertModelAllowed({ tier, allowedModels: ['a/*'] }, 'b/c')).toThrow(
    expect.objectContaining({ code: 'limits.model-not-allowed', status: 403, data: { model: 'b/c', tier: 'Free' } }),
  );
  assertModelAllowed({ tier, allowedModels: ['a/*'] }, 'a/c');
});
