// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { parametersOf, textsOf } from './parameter-form.ts';

const empty = textsOf({});

describe('the parameters of a chat', () => {
  it('survive the form unchanged', () => {
    const parameters = { temperature: 0.7, maxTokens: 300, stop: ['END', ' STOP'] };
    expect(parametersOf(textsOf(parameters))).toEqual(parameters);
  });
  it('leave to the model what is left empty', () => {
    expect(parametersOf(empty)).toEqual({});
  });
  it('take a comma as well as a point', () => {
    expect(parametersOf({ ...empty, temperature: '0,5' })).toEqual({ temperature: 0.5 });
  });
  it.each([
    ['temperature', '2.1'],
    ['topP', '-0.1'],
    ['maxTokens', '1.5'],
    ['maxTokens', 'many'],
    ['stop', 'a\nb\nc\nd\ne'],
  ])('are refused beyond their range: %s %s', (name, text) => {
    expect(parametersOf({ ...empty, [name]: text })).toBeNull();
  });
});
