import type { ProviderPart, ServerSentEvent, TextFrame, Usage } from '@parley/sdk/plugin';
import { factsOf } from '../errors/error-facts.ts';
import { answerError, errorPart, type ErrorPart } from '../errors/provider-error.ts';
import { asArray, asObject, asText, isObject, type Json, parseJson } from '../json.ts';
import type { ConnectionSettings } from '../settings.ts';
import { ChunkTemplate } from './chunk-template.ts';
import { readContent, readReasoning, type Spoken } from './content.ts';
import { finishReason, isFailure } from './finish-reason.ts';
import { ThinkSplitter } from './think-splitter.ts';
import { ToolCalls } from './tool-calls.ts';
import { findUsage } from './usage.ts';

type ReaderSettings = Pick<ConnectionSettings, 'reasoningField' | 'thinkTags'>;

/**
 * Turns what a server sends into parts, whether it comes as chunks or whole. Knows nothing of how it came; `finish` or
 * `fail` is called exactly once, behind the last piece.
 */
export class ReplyReader {
  readonly #settings: ReaderSettings;
  readonly #answer: { status: number; headers?: Headers };
  readonly #think: ThinkSplitter | undefined;
  readonly #calls: ToolCalls;
  readonly #template = new ChunkTemplate();
  #out: ProviderPart[] = [];
  #started = false;
  #usage: Usage | undefined;
  #rawFinish: string | undefined;
  #refused = false;
  #hasContent = false;
  #error: ErrorPart | undefined;
  #done = false;
  /** An event that is no JSON: the last one may be cut off, any other is a fault. */
  #broken = false;

  constructor(settings: ReaderSettings, answer: { status: number; headers?: Headers }, calls = new ToolCalls()) {
    this.#settings = settings;
    this.#answer = answer;
    this.#calls = calls;
    this.#think = settings.thinkTags === 'off' ? undefined : new ThinkSplitter(settings.thinkTags);
  }

  /** Nothing that follows can change the reply. */
  get over(): boolean {
    return this.#done || this.#error !== undefined;
  }
  /** The reason of the end has come; only counts may follow. */
  get ending(): boolean {
    return this.#rawFinish !== undefined;
  }
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** What stands around a text in chunks that need not be read, because they bring nothing else. */
  get textFrame(): TextFrame | undefined {
    const isOpen = !this.over && !this.ending && !this.#broken;
    return isOpen && (this.#think === undefined || this.#think.isThrough) ? this.#template.frame : undefined;
  }
  /** How many chunks were not read until now. */
  notePassed(chunks: number): void {
    this.#template.notePassed(chunks);
  }

  readEvent({ event, data }: Pick<ServerSentEvent, 'event' | 'data'>): void {
    if (this.over) return;
    if (data === '[DONE]' || data.trim() === '[DONE]') {
      this.#done = true;
      return;
    }
    const chunk = parseJson(data);
    if (isObject(chunk)) {
      if (this.#broken) this.#error ??= malformed();
      else {
        this.readChunk(chunk, event);
        if (event === '' && this.#template.isLearning) this.#template.learn(data, onlyText(chunk) ?? '');
      }
    } else if (data.includes('\n')) {
      // Several objects as the lines of one event.
      for (const line of data.split('\n')) if (line !== '') this.readEvent({ event, data: line });
    } else if (Array.isArray(chunk) && factsOf(chunk)) {
      this.#fail(chunk);
    } else if (event === 'error') {
      this.#error = answerError({ message: data, details: [], metadata: {} }, this.#answer);
    } else if (/^\s*[{[]/.test(data)) {
      if (this.#broken) this.#error ??= malformed();
      this.#broken = true;
    }
    // All else is a heartbeat in the wrong dress.
  }

  /** A chunk of a stream or a whole answer: the one has `delta` where the other has `message`. */
  readChunk(chunk: Json, event = ''): void {
    const choice = asArray(chunk['choices'])[0];
    const isError =
      event === 'error' || chunk['object'] === 'error' || (chunk['error'] !== undefined && chunk['error'] !== null);
    if (isError || (choice === undefined && factsOf(chunk) !== undefined) || 'base_resp' in chunk) {
      if (this.#fail(chunk)) return;
    }
    if (!this.#started) this.#start(chunk);
    if (isObject(choice)) this.#readChoice(choice);
    this.#usage = findUsage(chunk) ?? this.#usage;
  }

  #start(chunk: Json): void {
    const id = asText(chunk['id']);
    const model = asText(chunk['model']);
    // Azure's first chunk names neither; the next one does.
    if (id === undefined && model === undefined && asArray(chunk['choices']).length === 0) return;
    this.#started = true;
    this.#out.push({
      type: 'start',
      ...(id !== undefined && { providerId: id }),
      ...(model !== undefined && { model }),
    });
  }

  #readChoice(choice: Json): void {
    const delta = isObject(choice['delta']) ? choice['delta'] : asObject(choice['message']);
    if (this.#settings.reasoningField !== 'none')
      this.#say('reasoning', readReasoning(delta, this.#settings.reasoningField));
    const { content } = delta;
    if (typeof content === 'string') this.#readText(content);
    else if (content !== null && content !== undefined) {
      for (const { kind, text } of readContent(content)) {
        if (kind === 'text') this.#readText(text);
        else this.#say(kind, text);
      }
    }
    const refusal = asText(delta['refusal']);
    if (refusal !== undefined) {
      this.#refused = true;
      this.#say('text', refusal);
    }
    if (delta['tool_calls'] !== undefined || delta['function_call'] !== undefined) {
      for (const part of this.#calls.read(delta)) this.#push(part);
    }
    const raw = asText(choice['finish_reason']);
    if (raw === undefined) return;
    if (isFailure(raw)) this.#error ??= failedFinish(raw);
    else this.#rawFinish ??= raw;
  }

  #readText(text: string): void {
    if (this.#think === undefined || this.#think.isThrough) this.#say('text', text);
    else for (const spoken of this.#think.push(text)) this.#sayPart(spoken);
  }

  #sayPart({ kind, text }: Spoken): void {
    if (kind !== 'reasoning' || this.#settings.reasoningField !== 'none') this.#say(kind, text);
  }

  #say(kind: Spoken['kind'], text: string): void {
    if (text === '') return;
    const last = this.#out.at(-1);
    // What came together is passed on together: a part costs more than its letters.
    if (last?.type === kind) last.text += text;
    else this.#push({ type: kind, text });
  }

  #push(part: ProviderPart): void {
    this.#hasContent = true;
    this.#out.push(part);
  }

  /** False when it was no error after all. */
  #fail(body: unknown): boolean {
    const facts = factsOf(body);
    if (facts === undefined) return false;
    this.#error = answerError(facts, this.#answer);
    return true;
  }

  /** A whole answer is complete even when it does not say why it ends. */
  readWhole(answer: Json): void {
    this.readChunk(answer);
    this.#done = true;
  }

  /** The whole answer turned out to be none. */
  refuse(error: ErrorPart): void {
    this.#error ??= error;
  }

  /** Parts since the last call. */
  take(): ProviderPart[] {
    const parts = this.#out;
    if (parts.length > 0) this.#out = [];
    return parts;
  }

  /** The last parts of all, when the server has said what it had to say. */
  finish(): ProviderPart[] {
    for (const spoken of this.#think?.end() ?? []) this.#sayPart(spoken);
    const hasEnd = this.#rawFinish !== undefined || (this.#done && (this.#hasContent || this.#usage !== undefined));
    this.#error ??= hasEnd ? undefined : this.#withoutEnd();
    const reason = finishReason(this.#rawFinish, this.#calls.any, this.#refused);
    const raw = this.#rawFinish;
    return this.#close(this.#error ?? { type: 'finish', reason, ...(raw !== undefined && { raw }) });
  }

  /** The last parts of all, when something outside of the answer went wrong. An end that was announced still counts. */
  fail(error: ErrorPart): ProviderPart[] {
    if (this.over || this.ending) return this.finish();
    this.#error = error;
    for (const spoken of this.#think?.end() ?? []) this.#sayPart(spoken);
    return this.#close(error);
  }

  #withoutEnd(): ErrorPart {
    if (this.#hasContent || this.#started || this.#broken) {
      return errorPart('interrupted', 'The answer ended in the middle', { status: this.#answer.status });
    }
    return errorPart('server', 'The server answered with nothing', {
      status: this.#answer.status,
      providerCode: 'empty_answer',
    });
  }

  #close(last: ProviderPart): ProviderPart[] {
    if (this.#usage) this.#out.push({ type: 'usage', ...this.#usage });
    this.#out.push(last);
    return this.take();
  }
}

function malformed(): ErrorPart {
  return errorPart('server', 'The server sent an event that is no JSON', { providerCode: 'malformed_event' });
}

/** The text of a chunk that brings nothing else. */
function onlyText(chunk: Json): string | undefined {
  const choice = asObject(asArray(chunk['choices'])[0]);
  const delta = asObject(choice['delta']);
  const hasMore =
    asText(choice['finish_reason']) !== undefined ||
    findUsage(chunk) !== undefined ||
    readReasoning(delta, 'auto') !== '' ||
    [delta['refusal'], delta['tool_calls'], delta['function_call']].some((value) => (value ?? null) !== null);
  return hasMore ? undefined : asText(delta['content']);
}

function failedFinish(raw: string): ErrorPart {
  const isCrowded = /resource/i.test(raw);
  return errorPart(isCrowded ? 'overloaded' : 'server', `The server ended with "${raw}"`, { providerCode: raw });
}
