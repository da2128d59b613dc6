import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createPluginHarness, startScriptedServer, testManifest } from '../testing/index.ts';
import { unhurried } from '../testing/unhurried.ts';
import type { SandboxLimits } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Reads what a server sends and tells of each batch; with a frame it lets text pass. */
const source = `export default { providers: { p: { async *chat(request, context) {
  const { url, mode, frame, tellsBatches } = context.connection.settings;
  const response = await fetch(url, { signal: context.signal });
  const batches = mode === 'lines' ? response.lineBatches() : response.eventBatches();
  for await (const batch of batches) {
    if (batch.length === 0 && tellsBatches) yield { type: 'reasoning', text: 'empty' };
    for (const piece of batch) {
      const read = mode === 'lines' ? piece : piece.data;
      let text;
      try { text = JSON.parse(read).text } catch { yield { type: 'reasoning', text: 'not JSON: ' + read }; continue; }
      if (text === undefined) yield { type: 'reasoning', text: read };
      else yield { type: 'text', text };
    }
    if (frame) batches.passText(frame);
  }
  yield { type: 'finish', reason: 'stop', raw: String(batches.passed) };
} } } };`;
const frame = { before: '{"id":1,"text":"', after: '"}' };

async function read(
  body: (response: ServerResponse, said: readonly string[]) => Promise<void> | void,
  settings: object = {},
  limits: Partial<SandboxLimits> = {},
) {
  const said: string[] = [];
  const server = await startScriptedServer((_, response) => body(response, said));
  cleanups.push(() => server.close());
  const harness = await createPluginHarness({
    source,
    trust: 'official',
    limits: { ...unhurried, ...limits },
    manifest: testManifest(
      { providers: ['p'] },
      {
        sharedContext: true,
        permissions: {
          network: [{ fromSetting: 'url', reason: 'talks to the server' }],
          networkPrivate: { reason: 'the server is local' },
        },
      },
    ),
    connection: { settings: { url: server.url, frame, ...settings } },
  });
  cleanups.push(() => harness.close());
  for await (const part of harness.chat('p', { model: 'm', messages: [], parameters: {}, stream: true })) {
    const last = said.at(-1);
    if (part.type !== 'text' && part.type !== 'reasoning') said.push(`${part.type} ${'raw' in part ? part.raw : ''}`);
    else if (last?.startsWith(`${part.type}: `)) said[said.length - 1] = last + part.text;
    else said.push(`${part.type}: ${part.text}`);
  }
  return { said: said.slice(0, -1), passed: Number(said.at(-1)?.split(' ')[1]) };
}
const framed = (text: string) => `data: ${frame.before}${JSON.stringify(text).slice(1, -1)}${frame.after}\n\n`;
/** What is said before the next piece comes has been said by a plugin that waits again. */
async function write(response: ServerResponse, said: readonly string[], pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    const before = said.join('').length;
    response.write(piece);
    const isSaid = (): boolean => response.destroyed || said.join('').length > before;
    await expect.poll(isSaid, { interval: 2, timeout: 30_000 }).toBe(true);
  }
  response.end();
}

describe('text that a provider lets pass', () => {
  it('does not enter the plugin, and stands where it came', async () => {
    const pieces = [framed('a'), framed('b'), framed('c\n"'), 'data: {"note":1}\n\n', framed('d'), framed('e')];
    const { said, passed } = await read((response, sofar) => write(response, sofar, pieces));
    expect(said).toEqual(['text: abc\n"', 'reasoning: {"note":1}', 'text: de']);
    // All but the first, before which no frame was known, and the note.
    expect(passed).toBe(4);
  });
  it('passes by lines as well', async () => {
    const lines = ['a', 'b', 'c'].map((text) => `${frame.before}${text}${frame.after}\n`);
    const { said, passed } = await read((response, sofar) => write(response, sofar, [...lines, '{"note":1}\n']), {
      mode: 'lines',
    });
    expect(said).toEqual(['text: abc', 'reasoning: {"note":1}']);
    expect(passed).toBe(2);
  });
  it('is said as without a frame when it all comes at once', async () => {
    const pieces = Array.from({ length: 500 }, (_, at) => (at % 7 === 3 ? `data: {"n":${at}}\n\n` : framed(`${at} `)));
    const body = (response: ServerResponse) => void response.end(pieces.join(''));
    const { said } = await read(body);
    expect(said).toEqual((await read(body, { frame: undefined })).said);
    expect(said).toHaveLength(143);
  });
  it('is told of by empty batches, for plugins that wait for a sign of life', async () => {
    let written = 0;
    function* untilToldOf(said: readonly string[]): Generator<string> {
      for (; !said.includes('reasoning: empty'); written += 1) yield framed('a');
    }
    const { said } = await read((response, sofar) => write(response, sofar, untilToldOf(sofar)), {
      tellsBatches: true,
    });
    const texts = said.filter((one) => one.startsWith('text: ')).map((one) => one.slice('text: '.length));
    expect(texts.join('')).toBe('a'.repeat(written));
  });
  it('counts as what the plugin says', async () => {
    function* endless(response: ServerResponse): Generator<string> {
      while (!response.destroyed) yield framed('x'.repeat(100));
    }
    const reading = read((response, said) => write(response, said, endless(response)), {}, { resultBytes: 2_000 });
    await expect(reading).rejects.toMatchObject({ code: 'sandbox.budget' });
  });
});
