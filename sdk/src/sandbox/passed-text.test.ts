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
  body: (response: ServerResponse) => Promise<void> | void,
  settings: object = {},
  limits: Partial<SandboxLimits> = {},
) {
  const server = await startScriptedServer((_, response) => void body(response));
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
  const said: string[] = [];
  for await (const part of harness.chat('p', { model: 'm', messages: [], parameters: {}, stream: true })) {
    const last = said.at(-1);
    if (part.type !== 'text' && part.type !== 'reasoning') said.push(`${part.type} ${'raw' in part ? part.raw : ''}`);
    else if (last?.startsWith(`${part.type}: `)) said[said.length - 1] = last + part.text;
    else said.push(`${part.type}: ${part.text}`);
  }
  return { said: said.slice(0, -1), passed: Number(said.at(-1)?.split(' ')[1]) };
}
const framed = (text: string) => `data: ${frame.before}${JSON.stringify(text).slice(1, -1)}${frame.after}\n\n`;
/** Longer than the worker's beat, so that each piece meets a plugin that waits. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 40));
async function write(response: ServerResponse, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    response.write(piece);
    await pause();
  }
  response.end();
}

describe('text that a provider lets pass', () => {
  it('does not enter the plugin, and stands where it came', async () => {
    const pieces = [framed('a'), framed('b'), framed('c\n"'), 'data: {"note":1}\n\n', framed('d'), framed('e')];
    const { said, passed } = await read((response) => write(response, pieces));
    expect(said).toEqual(['text: abc\n"', 'reasoning: {"note":1}', 'text: de']);
    // The first piece comes before the plugin can know of a frame; on a slow machine others enter with their neighbours.
    expect(passed).toBeGreaterThan(0);
    expect(passed).toBeLessThanOrEqual(4);
  });
  it('passes by lines as well', async () => {
    const lines = ['a', 'b', 'c'].map((text) => `${frame.before}${text}${frame.after}\n`);
    const { said, passed } = await read((response) => write(response, [...lines, '{"note":1}\n']), { mode: 'lines' });
    expect(said).toEqual(['text: abc', 'reasoning: {"note":1}']);
    expect(passed).toBeGreaterThan(0);
  });
  it('is said as without a frame when it all comes at once', async () => {
    const pieces = Array.from({ length: 500 }, (_, at) => (at % 7 === 3 ? `data: {"n":${at}}\n\n` : framed(`${at} `)));
    const body = (response: ServerResponse) => void response.end(pieces.join(''));
    const { said } = await read(body);
    expect(said).toEqual((await read(body, { frame: undefined })).said);
    expect(said).toHaveLength(143);
  });
  it('is told of by empty batches, for plugins that wait for a sign of life', async () => {
    const { said } = await read(
      async (response) => {
        for (let at = 0; at < 30; at += 1) {
          response.write(framed('a'));
          await pause();
        }
        response.end();
      },
      { tellsBatches: true },
    );
    expect(said).toContain('reasoning: empty');
    const texts = said.filter((one) => one.startsWith('text: ')).map((one) => one.slice('text: '.length));
    expect(texts.join('')).toBe('a'.repeat(30));
  });
  it('counts as what the plugin says', async () => {
    const endless = async (response: ServerResponse): Promise<void> => {
      for (let at = 0; at < 200 && !response.destroyed; at += 1) {
        response.write(framed('x'.repeat(100)));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      response.end();
    };
    await expect(read(endless, {}, { resultBytes: 2_000 })).rejects.toMatchObject({ code: 'sandbox.budget' });
  });
});
