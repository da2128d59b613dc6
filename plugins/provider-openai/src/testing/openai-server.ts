import type { ChatRequest, ProviderPart } from '@parley/sdk/plugin';
import {
  createPluginHarness,
  type PluginHarness,
  type ScriptedRequest,
  startScriptedServer,
} from '@parley/sdk/testing';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { joinParts } from './join-parts.ts';

export type Answer = (response: ServerResponse, request: ScriptedRequest) => void | Promise<void>;

/** The plugin in the real sandbox, connected to a server that answers as each test says; for tests. */
export async function connectToServer(settings: Record<string, unknown> = {}) {
  const answers: Answer[] = [];
  const server = await startScriptedServer(async (request, response) => {
    const answer = answers.shift();
    if (!answer) throw new Error('The test gave no answer for this request');
    await answer(response, request);
  });
  const harness = await createPluginHarness({
    folder: fileURLToPath(new URL('../..', import.meta.url)),
    connection: { settings: { baseUrl: server.url, ...settings }, secrets: { apiKey: 'sk-very-secret' } },
  });
  return {
    server,
    harness,
    answer: (...next: Answer[]) => {
      answers.splice(0, answers.length, ...next);
    },
    /** All parts of a reply, joined as a reader sees them. */
    ask: async (request: Partial<ChatRequest> = {}) => joinParts(await collect(harness, request)),
    collect: (request: Partial<ChatRequest> = {}) => collect(harness, request),
    bodies: () => server.requests.map((request): unknown => JSON.parse(request.body)),
    close: async () => {
      await harness.close();
      await server.close();
    },
  };
}

export const simpleRequest: ChatRequest = {
  model: 'm',
  messages: [{ role: 'user', content: 'Hi' }],
  parameters: {},
  stream: true,
};

async function collect(harness: PluginHarness, request: Partial<ChatRequest>): Promise<ProviderPart[]> {
  const parts: ProviderPart[] = [];
  for await (const part of harness.chat('openai', { ...simpleRequest, ...request })) parts.push(part);
  return parts;
}

export function events(body: string | Uint8Array, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    response.end(body);
  };
}
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
/** The pieces one after the other, each in a packet of its own. */
export function pieces(list: readonly Uint8Array[]): Answer {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket?.setNoDelay(true);
    for (const piece of list) {
      response.write(piece);
      await new Promise(setImmediate);
    }
    response.end();
  };
}
