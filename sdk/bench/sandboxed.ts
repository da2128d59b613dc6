/** The same relay through the sandbox. `node sandboxed.ts <upstream port> <shared|fresh> <filter|plain>`. Prints its port and its worker's pid. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandboxHost, type FilterHandle, type HookCall } from '../src/sandbox/index.ts';
import { grantForUrl, testManifest } from '../src/testing/index.ts';

const [upstream, mode, filtering] = process.argv.slice(2);
const url = `http://127.0.0.1:${upstream}/`;
const manifest = testManifest(
  { providers: ['p'], streamFilters: ['f'] },
  { id: 'bench.provider', sharedContext: mode === 'shared' },
);
const code = `export default { providers: { p: { async *chat(request, context) {
  const response = await fetch(context.connection.settings.url, { signal: context.signal, headers: { accept: 'text/event-stream' } });
  for await (const batch of response.eventBatches()) for (const event of batch) {
    if (event.data === '[DONE]') continue;
    const chunk = JSON.parse(event.data);
    const text = chunk.choices[0]?.delta?.content;
    if (text) yield { type: 'text', text };
  }
  yield { type: 'finish', reason: 'stop' };
} } }, streamFilters: { f: { start() { return { push: (text) => ({ text }), end: () => ({ text: '' }) }; } } } };`;

const host = createSandboxHost({ capabilities: {} });
await host.start();
await host.load({
  id: manifest.id,
  version: manifest.version,
  trust: 'official',
  manifest,
  code,
  grants: { network: [grantForUrl(url)], networkPrivate: true, capabilities: [] },
  settings: {},
});

const base = {
  plugin: 'bench.provider@1.0.0',
  context: { connection: { settings: { url } } },
  subject: { userId: 'u' },
} as const;
const server = createServer((incoming, response) => {
  incoming.resume();
  void serve(response);
});
async function serve(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let filter: FilterHandle | undefined;
  if (filtering === 'filter')
    filter = await host.openFilter({
      ...base,
      kind: 'streamFilters',
      contribution: 'f',
      method: 'start',
      input: undefined,
    });
  const write = (text: string): void =>
    void response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`);
  const call: HookCall = {
    ...base,
    kind: 'providers',
    contribution: 'p',
    method: 'chat',
    input: { model: 'm', messages: [] },
  };
  host.stream(call, {
    onParts: (parts) => {
      for (const part of parts as { type: string; text: string }[]) {
        if (part.type !== 'text') continue;
        if (filter === undefined) write(part.text);
        else void filter.push(part.text).then((result) => write((result as { text: string }).text));
      }
    },
    onEnd: (failure) => {
      if (failure !== undefined) console.error(failure.message);
      if (filter === undefined) response.end('data: [DONE]\n\n');
      else void filter.end().then(() => response.end('data: [DONE]\n\n'));
    },
  });
}
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port, host.health().workers[0]?.pid));
