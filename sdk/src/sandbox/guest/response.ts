import type { PieceBatches, ServerSentEvent } from '../../plugin/guest-globals.ts';
import { BodySource, iterateBatches } from './body-source.ts';
import { encodeUtf8 } from './utf8.ts';
import { Headers } from './headers.ts';
import type { HeadersInit } from './headers.ts';
import { latin1ToBytes } from './latin1.ts';
import { ReadableStream } from './readable-stream.ts';

interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
  url?: string;
}

export class Response {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: Headers;
  readonly type = 'basic';
  readonly redirected = false;
  readonly #source: BodySource | undefined;
  #text: string | undefined;
  #stream: ReadableStream | undefined;

  constructor(body?: BodySource | string | null, init: ResponseInit = {}) {
    this.#source = body instanceof BodySource ? body : undefined;
    this.#text = typeof body === 'string' ? body : undefined;
    this.status = init.status ?? 200;
    this.statusText = init.statusText ?? '';
    this.url = init.url ?? '';
    this.headers = new Headers(init.headers);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }
  get bodyUsed(): boolean {
    return this.#source?.used ?? false;
  }
  get body(): ReadableStream | null {
    const source = this.#source;
    if (source === undefined) return null;
    this.#stream ??= new ReadableStream({
      start: () => {},
      pull: async (controller) => {
        if (!source.used) source.open('bytes');
        const { value, done } = await source.next();
        if (done === true) controller.close();
        else for (const piece of value as string[]) controller.enqueue(latin1ToBytes(piece));
      },
      cancel: () => source.cancel(),
    });
    return this.#stream;
  }

  async text(): Promise<string> {
    return (await this.#source?.collect('text')) ?? this.#text ?? '';
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#source?.collect('bytes');
    return bytes === undefined ? encodeUtf8(this.#text ?? '') : latin1ToBytes(bytes);
  }

  eventBatches(): PieceBatches<ServerSentEvent> {
    return iterateBatches(this.#required(), 'events');
  }
  async *events(): AsyncIterableIterator<ServerSentEvent> {
    for await (const batch of this.eventBatches()) yield* batch;
  }
  lineBatches(): PieceBatches<string> {
    return iterateBatches(this.#required(), 'lines');
  }
  #required(): BodySource {
    if (this.#source === undefined) throw new TypeError('this response has no body from the network');
    return this.#source;
  }
}
