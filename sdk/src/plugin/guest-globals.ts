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

/** A fetch response inside the sandbox. The host splits the body, so that pieces cross in batches and not one by one. */
export interface GuestResponse extends Response {
  /** Server-sent events; comments are dropped, split UTF-8 and every line end are handled, an unfinished last event is delivered. */
  events(): AsyncIterable<ServerSentEvent>;
  /** As `events`, but yields all events that arrived together: the cheapest way to read a stream. */
  eventBatches(): AsyncIterable<ServerSentEvent[]>;
  /** Newline-delimited text, in batches, without the line ends. */
  lineBatches(): AsyncIterable<string[]>;
}
