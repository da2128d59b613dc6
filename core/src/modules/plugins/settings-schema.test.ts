import { describe, expect, test } from 'vitest';
import { checkSettings } from './settings-schema.ts';

const schema = {
  type: 'object',
  required: ['baseUrl'],
  additionalProperties: false,
  properties: {
    baseUrl: { type: 'string', format: 'uri', title: 'Address' },
    retries: { type: 'integer', minimum: 0, default: 2 },
    lists: { type: 'array', items: { type: 'object', required: ['word'], properties: { word: { type: 'string' } } } },
  },
};

describe('settings of a plugin', () => {
  test('come back with the defaults filled in, the given object untouched', () => {
    const given = { baseUrl: 'https://example.com' };
    expect(checkSettings(schema, given)).toEqual({
      ok: true,
      settings: { baseUrl: 'https://example.com', retries: 2 },
    });
    expect(given).toEqual({ baseUrl: 'https://example.com' });
  });

  test('are refused field by field', () => {
    const check = checkSettings(schema, { retries: -1, lists: [{}] });
    expect(check.ok ? [] : check.problems.map(({ path, code }) => `${path} ${code}`).toSorted()).toEqual([
      'settings.baseUrl required',
      'settings.lists.0.word required',
      'settings.retries minimum',
    ]);
  });

  test('of a plugin without a schema are empty', () => {
    expect(checkSettings(undefined, { anything: 1 })).toEqual({ ok: true, settings: {} });
  });
});
