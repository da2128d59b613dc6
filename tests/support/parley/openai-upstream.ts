import type { ServerResponse } from 'node:http';
import { type ScriptedRequest, type ScriptedServer, startScriptedServer } from '@parley/sdk/testing';

/** How the outside model server answers one request. */
export type Answer = (response: ServerResponse, request: ScriptedRequest) => void | Promise<void>;

export interface OpenAiUpstream {
  server: ScriptedServer;
  /** Behind `/v1`, as an admin types it. */
  baseUrl: string;
  /** Answers the next chat requests, in order, in place of what was scripted before; a request that nobody scripted gets a 500. */
  script(...answers: Answer[]): void;
  /** From now on, all that nobody scripted. */
  answerAlways(answer: Answer): void;
  /** Bodies of the chat requests so far. */
  bodies(): Record<string, unknown>[];
  close(): Promise<void>;
}

/** A scripted OpenAI-like server: the one thing in a test that is not real. */
export async function startOpenAiUpstream(): Promise<OpenAiUpstream> {
  let answers: Answer[] = [];
  let usual: Answer | undefined;
  const server = await startScriptedServer(async (request, response) => {
    if (request.path === '/v1/models') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'model-a', object: 'model' }] }));
      return;
    }
    const answer = answers.shift() ?? usual;
    if (answer === undefined) throw new Error('nobody scripted this request');
    await answer(response, request);
  });
  return {
    server,
    baseUrl: `${server.url}/v1`,
    script: (...next) => {
      answers = next;
    },
    answerAlways: (answer) => {
      usual = answer;
    },
    bodies: () =>
      server.requests.filter(({ path }) => path === '/v1/chat/completions').map(({ body }) => JSON.parse(body)),
    close: () => server.close(),
  };
}

const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`;
const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const ending = `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage })}\n\ndata: [DONE]\n\n`;

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** Streams these pieces at once and finishes; the usage is 9 tokens in, 4 out. */
export function says(...pieces: string[]): Answer {
  return (response) => {
    openStream(response);
    for (const content of pieces) response.write(chunk({ content }));
    response.end(chunk({}, 'stop') + ending);
  };
}

/** One call of a tool, in pieces as OpenAI sends it. */
export function callsTool(name: string, args: string): Answer {
  return (response) => {
    openStream(response);
    response.write(
      chunk({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name, arguments: '' } }] }),
    );
    for (const piece of [args.slice(0, 4), args.slice(4)]) {
      response.write(chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }));
    }
    response.end(chunk({}, 'tool_calls') + ending);
  };
}

/** Writes a piece and then waits: `release` lets it go on, `closed` tells when the other side has gone. */
export function holds(first: string): { answer: Answer; release(...rest: string[]): void; closed: Promise<void> } {
  const closed = Promise.withResolvers<void>();
  let held: ServerResponse | undefined;
  return {
    answer(response) {
      held = response;
      response.on('close', () => closed.resolve());
      openStream(response);
      response.write(chunk({ content: first }));
    },
    release(...rest) {
      for (const content of rest) held?.write(chunk({ content }));
      held?.end(chunk({}, 'stop') + ending);
    },
    closed: closed.promise,
  };
}

export function refuses(status: number, error: object, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error }));
  };
}

/** These bytes, as they are. */
export function sends(contentType: string, ...pieces: (string | Uint8Array)[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': contentType });
    for (const piece of pieces) response.write(piece);
    response.end();
  };
}
export { chunk };
