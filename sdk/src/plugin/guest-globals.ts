/**
 * What a plugin finds on `globalThis` beyond the language: the web's own names, with the web's own meaning, as far as
 * they go: fetch, Request-less `Response` with streams, Headers, URL, URLSearchParams, TextEncoder, TextDecoder, AbortController,
 * AbortSignal, setTimeout & co, queueMicrotask, structuredClone, atob, btoa, crypto (subtle.digest, subtle HMAC, randomUUID,
 * getRandomValues) and console. Their types come from TypeScript's own `dom` names; the one addition is below.
 */
export interface ServerSentEvent {
  /** Empty when the stream gave none. */
  event: string;
  data: string;
  id: string;
}

/** What stands around the text in pieces that differ in nothing else; at most 16,384 characters each. */
export interface TextFrame {
  before: string;
  after: string;
}

/** Batches of events or lines, and a way past the plugin for those that only bring text. */
export interface PieceBatches<T> extends AsyncIterableIterator<T[]> {
  /**
   * For a provider's stream, to be called before each wait for a batch. Until that comes, a piece that is `before`, the inside of a
   * JSON string and `after` does not enter the plugin: the host yields its text as a text part, in its place. Anything else ends
   * this and comes as ever; while text passes, an empty batch comes about twice a second, for clocks that wait for a sign of life.
   * An event passes by its data alone, and only if it has no name and no id.
   */
  passText(frame: TextFrame): void;
  /** How many pieces have passed until this batch. */
  readonly passed: number;
}

/** A fetch response inside the sandbox. The host splits the body, so that pieces cross in batches and not one by one. */
export interface GuestResponse extends Response {
  /** Server-sent events; comments are dropped, split UTF-8 and every line end are handled, an unfinished last event is delivered. */
  events(): AsyncIterable<ServerSentEvent>;
  /** As `events`, but yields all events that arrived together: the cheapest way to read a stream. */
  eventBatches(): PieceBatches<ServerSentEvent>;
  /** Newline-delimited text, in batches, without the line ends. */
  lineBatches(): PieceBatches<string>;
}
