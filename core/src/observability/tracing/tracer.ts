/** What is undefined is left out. Never texts of people, never credentials: traces leave the house. */
export type Attributes = Record<string, string | number | boolean | undefined>;

export interface Span {
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Something that happened in a moment of it. */
  event(name: string): void;
  /** Once; whatever stands for a failure makes it a failed one: an error, or its code. */
  end(failure?: unknown): void;
}

export interface SpanOptions {
  attributes?: Attributes;
  kind?: 'server' | 'client' | 'internal';
  /** Of a caller whom we trust: the span is a part of his trace. */
  traceparent?: string;
}

/** Passed in as an argument. What runs inside of a span, however much later, has its own spans below it. */
export interface Tracer {
  /** False: nothing is recorded, and nothing need be made ready for it. */
  readonly isOn: boolean;
  /** For work that ends on its own terms: `work` ends the span. */
  open<T>(name: string, options: SpanOptions, work: (span: Span) => T): T;
  /** The span lasts as long as `work`. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** Sends what is still here. */
  stop(): Promise<void>;
}

const noSpan: Span = { set() {}, rename() {}, event() {}, end() {} };

/** Where traces go nowhere. */
export const noTracer: Tracer = {
  isOn: false,
  open: (_name, _options, work) => work(noSpan),
  span: (_name, _options, work) => work(noSpan),
  stop: async () => {},
};
