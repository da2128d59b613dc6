import { expect, test } from 'vitest';
import { readModels } from './models.ts';

test.each([
  ['OpenAI', { object: 'list', data: [{ id: 'a', object: 'model', created: 1, owned_by: 'o' }] }, [{ id: 'a' }]],
  ['a bare list', [{ id: 'a' }, { id: 'b' }, { id: 'a' }], [{ id: 'a' }, { id: 'b' }]],
  ['bare names', ['a', '', 'b'], [{ id: 'a' }, { id: 'b' }]],
  ['Ollama’s own list', { models: [{ name: 'llama:8b', model: 'llama:8b' }] }, [{ id: 'llama:8b' }]],
  [
    'OpenRouter',
    {
      data: [
        {
          id: 'x/y',
          name: 'X: Y',
          context_length: 131_072,
          architecture: { input_modalities: ['text', 'image'] },
          supported_parameters: ['temperature', 'tools'],
        },
      ],
    },
    [{ id: 'x/y', name: 'X: Y', contextTokens: 131_072, vision: true, tools: true }],
  ],
  [
    'Mistral',
    { data: [{ id: 'm', max_context_length: 32_768, capabilities: { vision: false, function_calling: true } }] },
    [{ id: 'm', contextTokens: 32_768, vision: false, tools: true }],
  ],
  ['vLLM', { data: [{ id: 'v', max_model_len: 4096 }] }, [{ id: 'v', contextTokens: 4096 }]],
  ['nonsense', { data: [null, 7, {}, { id: 5 }, { id: 'a', context_length: -1 }] }, [{ id: 'a' }]],
])('the list of %s is read', (_, list, models) => {
  expect(readModels(list)).toEqual(models);
});
