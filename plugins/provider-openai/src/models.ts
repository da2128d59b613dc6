import type { ModelInfo, ProviderContext } from '@parley/sdk/plugin';
import { request } from './connect.ts';
import { factsOfBody } from './errors/error-facts.ts';
import { answerError } from './errors/provider-error.ts';
import { transportError } from './errors/transport-error.ts';
import { asArray, asCount, asObject, asText, isObject, parseJson } from './json.ts';
import { endpointUrl } from './request/endpoint.ts';
import { requestHeaders } from './request/headers.ts';
import { readSettings } from './settings.ts';
import { Watch } from './watch.ts';

/** A list is there at once or not at all; an admin waits for it. */
const listMs = 9_000;

/** The models of the server and those the admin added; throws with the reason when the server can't be asked. */
export async function listModels(context: ProviderContext): Promise<ModelInfo[]> {
  const settings = readSettings(context.connection.settings);
  const added = settings.extraModels.map((id) => ({ id }));
  const watch = new Watch(context.signal, listMs);
  try {
    const response = await ask();
    const text = await response.text();
    const list = parseJson(text);
    if (!response.ok || !isList(list)) {
      const error = answerError(factsOfBody(text), response);
      // Servers without a list are asked by hand-written names; a wrong key must still be told.
      if (added.length > 0 && error.class !== 'auth') return added;
      throw new Error(error.message);
    }
    const models = readModels(list);
    const known = new Set(models.map(({ id }) => id));
    return [...models, ...added.filter(({ id }) => !known.has(id))];
  } finally {
    watch.close();
  }

  async function ask() {
    try {
      const headers = requestHeaders(settings, context.connection.secrets['apiKey'], 'application/json');
      return await request(endpointUrl(settings.baseUrl, 'models'), { headers, signal: watch.signal });
    } catch (thrown) {
      if (watch.rang) throw new Error(`The server did not answer within ${listMs / 1000} s.`, { cause: thrown });
      throw new Error(transportError(thrown, false).message, { cause: thrown });
    }
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (isObject(value) && (Array.isArray(value['data']) || Array.isArray(value['models'])));
}

/** `{data: […]}`, `{models: […]}` or the bare list; entries are objects or names. */
export function readModels(list: unknown): ModelInfo[] {
  const entries = Array.isArray(list) ? list : asArray(asObject(list)['data'] ?? asObject(list)['models']);
  const models = new Map<string, ModelInfo>();
  for (const entry of entries) {
    const model = readModel(typeof entry === 'string' ? { id: entry } : asObject(entry));
    if (model && !models.has(model.id)) models.set(model.id, model);
  }
  return [...models.values()];
}

/** Fields that only some hosts send are hints: absent means unknown, not "no". */
function readModel(entry: Readonly<Record<string, unknown>>): ModelInfo | undefined {
  const id = asText(entry['id']) ?? asText(entry['name']) ?? asText(entry['model']);
  if (id === undefined) return undefined;
  const shown = asText(entry['display_name']) ?? asText(entry['name']);
  const context = [
    'context_length',
    'context_window',
    'max_context_length',
    'max_model_len',
    'max_input_tokens',
  ].flatMap((name) => asCount(entry[name]) ?? []);
  const contextTokens = context.find((tokens) => tokens > 0);
  const capabilities = asObject(entry['capabilities']);
  const inputs = asObject(entry['architecture'])['input_modalities'] ?? entry['input_modalities'];
  const vision = hint(capabilities['vision'], inputs, 'image');
  const tools = hint(capabilities['function_calling'] ?? capabilities['tools'], entry['supported_parameters'], 'tools');
  return {
    id,
    ...(shown !== undefined && shown !== id && { name: shown }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(vision !== undefined && { vision }),
    ...(tools !== undefined && { tools }),
  };
}

function hint(told: unknown, list: unknown, word: string): boolean | undefined {
  if (typeof told === 'boolean') return told;
  return Array.isArray(list) ? list.includes(word) : undefined;
}
