import type { ProviderErrorClass } from '@parley/sdk/plugin';
import type { HookSubject } from '../modules/plugins/index.ts';
import type {
  ContentPart,
  ProviderEnd,
  ProviderRouter,
  ProviderSink,
  ResolvedModel,
} from '../modules/providers/index.ts';

type ChatArguments = Parameters<ProviderRouter['chat']>;

/** One call as the test plays the provider's side of it. */
export interface FakeCall {
  readonly model: ResolvedModel;
  readonly request: ChatArguments[1];
  readonly subject: HookSubject;
  readonly isAborted: boolean;
  readonly whenAborted: Promise<void>;
  parts(...parts: ContentPart[]): void;
  text(...texts: string[]): void;
  /** Usage is given unless a test says otherwise. */
  finish(end?: Partial<ProviderEnd>): void;
  fail(errorClass: ProviderErrorClass, end?: Partial<ProviderEnd>): void;
}

export interface FakeProvider extends ProviderRouter {
  /** The next call nobody has taken yet; waits for it. */
  nextCall(): Promise<FakeCall>;
  /** Answers every call that nobody waits for. */
  answerWith(play: ((call: FakeCall) => void) | null): void;
  readonly calls: number;
  /** Models whose figures were refused. */
  readonly doubts: readonly string[];
}

/** A provider router without providers: the test says what comes, and when. */
export function createFakeProvider(): FakeProvider {
  const open: FakeCall[] = [];
  const waiting: ((call: FakeCall) => void)[] = [];
  let play: ((call: FakeCall) => void) | null = null;
  let calls = 0;
  const doubts: string[] = [];

  return {
    get calls() {
      return calls;
    },
    chat(model, request, subject, sink) {
      calls++;
      const { call, abort } = fakeCall(model, request, subject, sink);
      // As in life: nothing comes back before `chat` has returned.
      queueMicrotask(() => {
        const taker = waiting.shift();
        if (taker !== undefined) taker(call);
        else if (play !== null) play(call);
        else open.push(call);
      });
      return { abort };
    },
    doubts,
    doubted: (model) => void doubts.push(model.publicId),
    async nextCall() {
      const call = open.shift();
      return call ?? new Promise((resolve) => waiting.push(resolve));
    },
    answerWith(next) {
      play = next;
    },
  };
}

function fakeCall(
  model: ResolvedModel,
  request: ChatArguments[1],
  subject: HookSubject,
  sink: ProviderSink,
): { call: FakeCall; abort(): void } {
  const aborted = Promise.withResolvers<void>();
  let isAborted = false;
  let isOver = false;
  const end = (how: Partial<ProviderEnd>) => {
    if (isOver) return;
    isOver = true;
    sink.onEnd({ finishReason: null, usage: null, error: null, plugin: null, attempts: 1, ...how });
  };
  const parts = (...given: ContentPart[]) => {
    if (!isOver) sink.onParts(given);
  };
  return {
    call: {
      model,
      request,
      subject,
      get isAborted() {
        return isAborted;
      },
      whenAborted: aborted.promise,
      parts,
      text: (...texts) => {
        for (const text of texts) parts({ type: 'text', text });
      },
      finish: (how = {}) => end({ finishReason: 'stop', usage: { input: 10, output: 5 }, ...how }),
      fail: (errorClass, how = {}) =>
        end({ error: { class: errorClass, retryable: false, message: 'as the test said' }, ...how }),
    },
    abort() {
      isAborted = true;
      aborted.resolve();
      end({ error: { class: 'interrupted', retryable: false, message: 'aborted' } });
    },
  };
}

export function fakeModel(fields: Partial<ResolvedModel> = {}): ResolvedModel {
  return {
    publicId: 'fake/model',
    name: 'Fake',
    providerModel: 'model',
    connectionId: '00000000-0000-4000-8000-000000000000',
    connectionName: 'Fake connection',
    providerRef: 'parley.fake/fake',
    contextTokens: 8_000,
    vision: false,
    tools: true,
    ...fields,
  };
}
