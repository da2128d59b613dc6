import type { GuestResponse, ProviderContext } from '@parley/sdk/plugin';
import { factsOfBody } from './errors/error-facts.ts';
import { answerError, type ErrorPart } from './errors/provider-error.ts';
import type { RequestBody } from './request/body.ts';
import { endpointUrl } from './request/endpoint.ts';
import { requestHeaders } from './request/headers.ts';
import { mayGo, mostRepairs, refusedField, rememberRefusal, withoutField, withoutRefused } from './request/repairs.ts';
import type { ConnectionSettings } from './settings.ts';

/** Enough to see what is wrong; some servers answer with a whole page. */
const longestErrorChars = 64_000;

export type Connected = { response: GuestResponse; error?: undefined } | { response?: undefined; error: ErrorPart };

/**
 * Asks the server. A field that it refuses by name is left out and the request made again, which no other layer could
 * do; anything else is not repeated here, since the core decides about that.
 */
export async function connect(
  body: RequestBody,
  settings: ConnectionSettings,
  secrets: ProviderContext['connection']['secrets'],
  signal: AbortSignal,
): Promise<Connected> {
  const url = endpointUrl(settings.baseUrl, 'chat/completions');
  const headers = requestHeaders(
    settings,
    secrets['apiKey'],
    body['stream'] === true ? 'text/event-stream' : 'application/json',
  );
  const model = String(body['model']);
  let fields = withoutRefused(body, url, model);
  const dropped = new Set<string>();
  for (;;) {
    const response = await request(url, { method: 'POST', headers, body: JSON.stringify(fields), signal });
    if (response.status >= 200 && response.status < 300) return { response };
    const facts = factsOfBody((await response.text()).slice(0, longestErrorChars));
    const field = response.status === 400 || response.status === 422 ? refusedField(facts, fields) : undefined;
    if (field === undefined || !mayGo(field) || dropped.has(field) || dropped.size >= mostRepairs) {
      return { error: answerError(facts, response) };
    }
    dropped.add(field);
    rememberRefusal(url, model, field);
    fields = withoutField(fields, field);
  }
}

/** The sandbox's own response, which knows events. */
export async function request(url: string, init: RequestInit): Promise<GuestResponse> {
  const response: object = await fetch(url, init);
  return response as GuestResponse;
}
