import type { ChatRequest, GuestResponse, ProviderContext, ProviderPart } from '@parley/sdk/plugin';
import { connect } from './connect.ts';
import { factsOfBody } from './errors/error-facts.ts';
import { answerError, errorPart } from './errors/provider-error.ts';
import { transportError } from './errors/transport-error.ts';
import { isObject, parseJson } from './json.ts';
import { LineReader, type StreamEvent } from './reply/read-lines.ts';
import { ReplyReader } from './reply/reply-reader.ts';
import { requestBody } from './request/body.ts';
import { type ConnectionSettings, readSettings } from './settings.ts';
import { Watch } from './watch.ts';

/** After the reason of the end only token counts can follow, and after the last word of all nothing. */
const afterFinishMs = 5_000;
const afterDoneMs = 250;
/** Of text that passes us by we hear twice a second only; a silence much shorter than this could not be told from it. */
const shortestSilenceMs = 2_000;

export async function* chat(request: ChatRequest, context: ProviderContext): AsyncGenerator<ProviderPart> {
  let settings: ConnectionSettings;
  try {
    settings = readSettings(context.connection.settings);
  } catch (thrown) {
    yield transportError(thrown, false);
    return;
  }
  if (!settings.tools && (request.tools?.length ?? 0) > 0) {
    yield errorPart('bad_request', 'Tools are switched off for this connection', { providerCode: 'tools_not_allowed' });
    return;
  }
  const watch = new Watch(context.signal, settings.firstTokenMs);
  let reader: ReplyReader | undefined;
  try {
    const { response, error } = await connect(
      requestBody(request, settings),
      settings,
      context.connection.secrets,
      watch.signal,
    );
    if (error) {
      yield error;
      return;
    }
    reader = new ReplyReader(settings, response);
    const stream = isEventStream(response) ? response.eventBatches() : undefined;
    let isClosed = false;
    for await (const batch of stream ?? readUnknown(response, reader)) {
      // The end is told at once; what a server may still send is only let run out, so that the connection can serve again.
      if (isClosed) continue;
      if (stream !== undefined) reader.notePassed(stream.passed);
      for (const event of batch) reader.readEvent(event);
      for (const part of reader.take()) yield part;
      if (reader.over) {
        isClosed = true;
        for (const part of reader.finish()) yield part;
        watch.allow(afterDoneMs);
      } else if (reader.ending) watch.allow(Math.min(afterFinishMs, settings.idleMs));
      else if (reader.hasContent) watch.allow(settings.idleMs);
      const frame = settings.idleMs < shortestSilenceMs ? undefined : reader.textFrame;
      if (frame !== undefined) stream?.passText(frame);
    }
    if (!isClosed) for (const part of reader.finish()) yield part;
  } catch (thrown) {
    // Whoever stopped the turn wants to hear nothing more.
    if (context.signal.aborted) return;
    if (reader?.over) return;
    const error = watch.rang ? silence(settings, reader) : transportError(thrown, reader?.hasContent ?? false);
    for (const part of reader?.fail(error) ?? [error]) yield part;
  } finally {
    watch.close();
  }
}

function isEventStream(response: Response): boolean {
  return /^\s*text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
}

/** JSON, a page of HTML, or a stream that does not call itself one. */
async function* readUnknown(response: GuestResponse, reader: ReplyReader): AsyncGenerator<StreamEvent[]> {
  const lines = new LineReader();
  for await (const batch of response.lineBatches()) yield batch.flatMap((line) => lines.push(line) ?? []);
  const { text } = lines;
  if (text !== undefined) readWhole(text, response, reader);
  yield [lines.end() ?? []].flat();
}

function readWhole(text: string, response: GuestResponse, reader: ReplyReader): void {
  const answer = parseJson(text);
  if (isObject(answer)) reader.readWhole(answer);
  else if (text.trim() !== '') reader.refuse(answerError(factsOfBody(text), response));
}

function silence(settings: ConnectionSettings, reader: ReplyReader | undefined) {
  const isFirst = !reader?.hasContent;
  const seconds = (isFirst ? settings.firstTokenMs : settings.idleMs) / 1000;
  return errorPart('timeout', isFirst ? `No word within ${seconds} s` : `No further word for ${seconds} s`, {
    providerCode: isFirst ? 'first_token_timeout' : 'idle_timeout',
  });
}
