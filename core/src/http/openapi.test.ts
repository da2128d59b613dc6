import { routes } from '@parley/sdk/contract';
import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';

const document = openApiDocument(routes, '1.0.0');
const text = JSON.stringify(document);

test('describes every route of the contract', () => {
  const paths = document.paths as Record<string, Record<string, unknown>>;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.toSorted()).toEqual(Object.keys(routes).toSorted());
});

test('every reference leads to a component', () => {
  const { schemas } = document.components as { schemas: Record<string, unknown> };
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
  expect(references.length).toBeGreaterThan(50);
  for (const target of references) {
    expect(target).toMatch(/^#\/components\/schemas\//);
    expect(schemas).toHaveProperty(target!.replace('#/components/schemas/', ''));
  }
});

test('nothing of the way it was made is left in it', () => {
  for (const trace of ['$defs', 'json-schema.org', '__schema', 'UserOutput']) expect(text.includes(trace)).toBe(false);
});
