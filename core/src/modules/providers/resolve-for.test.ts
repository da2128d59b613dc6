import { expect, test } from 'vitest';
import { generousLimits } from '../../testing/factories/generous-limits.ts';
import { fakeModel } from '../../testing/fake-provider.ts';
import { modelsFor, resolveFor } from './resolve-for.ts';

const models = ['dear/great', 'cheap/small', 'cheap/tiny'].map((publicId) => fakeModel({ publicId }));
const catalogue = {
  list: () => models,
  resolve: (publicId: string | null) => models.find((model) => model.publicId === publicId) ?? models[0]!,
};
const allowing = (...allowedModels: string[]) => ({ ...generousLimits(), allowedModels });

test('a tier sees its own models only', () => {
  expect(modelsFor(catalogue, allowing('cheap/*')).map(({ publicId }) => publicId)).toEqual([
    'cheap/small',
    'cheap/tiny',
  ]);
  expect(modelsFor(catalogue, { ...generousLimits(), allowedModels: null })).toHaveLength(3);
});

test('where the default belongs to others, the first that is allowed takes its place', () => {
  expect(resolveFor(catalogue, null, allowing('cheap/*')).publicId).toBe('cheap/small');
  expect(resolveFor(catalogue, null, allowing('dear/great', 'cheap/tiny')).publicId).toBe('dear/great');
});

test('a model that was named is that one or none', () => {
  expect(resolveFor(catalogue, 'cheap/tiny', allowing('cheap/*')).publicId).toBe('cheap/tiny');
  expect(() => resolveFor(catalogue, 'dear/great', allowing('cheap/*'))).toThrow(
    expect.objectContaining({ code: 'limits.model-not-allowed' }),
  );
  expect(() => resolveFor(catalogue, null, allowing())).toThrow(
    expect.objectContaining({ code: 'limits.model-not-allowed' }),
  );
});
