import type { TurnFailure } from '@parley/sdk/contract';
import type { ChatMessage, ChatRequest } from '@parley/sdk/plugin';
import type { PriceVersion } from '../credits/index.ts';
import type { QuotaUse } from '../limits/index.ts';
import type { HookStep, HookSubject } from '../plugins/index.ts';
import type { BuiltPrompt } from '../prompting/index.ts';
import type { ResolvedModel } from '../providers/index.ts';
import { Reply } from './reply.ts';
import type { ReplyOutput } from './reply-output.ts';
import type { TurnResult } from './settle-turns.ts';

/** Where the prompt of a turn comes from. */
export type TurnSource =
  | { kind: 'conversation'; conversationId: string; answersId: string; systemPrompt: string }
  | { kind: 'request'; messages: ChatMessage[] };

/** Where a turn is counted. */
export type RunningUse = Pick<QuotaUse, 'userId' | 'day' | 'model' | 'plugin'>;

/** A turn that was admitted, with all that running it takes. */
export interface TurnJob {
  turnId: string;
  replyId: string;
  userId: string;
  model: ResolvedModel;
  source: TurnSource;
  request: Omit<ChatRequest, 'model' | 'messages'>;
  person: { nickname: string; language: string; timeZone: string };
  /** The version that held when it was admitted; null: the model is free, nothing is locked. */
  price: PriceVersion | null;
  /** Where its tokens are counted. */
  use: RunningUse;
  /** Of `performance.now()`. */
  admittedAt: number;
}

/** Why a turn ended before its provider did. The first cause counts. */
export type Cut =
  | { kind: 'stopped' }
  | { kind: 'interrupted' }
  /** Somebody else holds the turn now: whatever we know of it is stale. */
  | { kind: 'lost' }
  /** It was refused while it was being prepared. */
  | { kind: 'refused' }
  /** The reply reached the size we keep. */
  | { kind: 'full' }
  | { kind: 'failed'; failure: TurnFailure };

/** One for all: making one for each turn would record a stack each time. */
const TURN_OVER = new DOMException('The turn is over', 'AbortError');

/** A turn in this process. */
export class RunningTurn {
  readonly job: TurnJob;
  readonly output: ReplyOutput;
  readonly reply: Reply;
  /** What becomes the trace. */
  readonly steps: HookStep[] = [];
  prompt: BuiltPrompt | null = null;
  promptMs = 0;
  attempts = 0;
  readonly #abort = new AbortController();
  readonly #wasCut = Promise.withResolvers<Cut>();
  readonly #over = Promise.withResolvers<TurnResult | null>();
  /** It stands in the database, under our lease. */
  isHeld: boolean;
  readonly #admission: Promise<boolean> | null;
  cut: Cut | null = null;
  state: 'queued' | 'running' | 'settling' = 'queued';
  /** Of the last thing that showed life upstream; null while nobody upstream has been asked. */
  lastActivityAt: number | null = null;
  /** Until when the reply is in the database, and when it was put there. */
  saved = { seq: 0, textChars: 0, reasoningChars: 0, at: performance.now() };

  constructor(job: TurnJob, output: ReplyOutput, admission?: Promise<boolean>) {
    this.job = job;
    // Whoever asked hears why it was refused; here it is only over.
    this.isHeld = admission === undefined;
    this.#admission =
      admission?.then(
        (isAdmitted) => (this.isHeld = isAdmitted),
        () => false,
      ) ?? null;
    this.output = output;
    this.reply = new Reply(output);
  }

  get conversationId(): string | null {
    return this.job.source.kind === 'conversation' ? this.job.source.conversationId : null;
  }
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  /** Null when somebody else ended it. */
  get over(): Promise<TurnResult | null> {
    return this.#over.promise;
  }
  get whenCut(): Promise<Cut> {
    return this.#wasCut.promise;
  }
  get subject(): HookSubject {
    return {
      userId: this.job.userId,
      turnId: this.job.turnId,
      conversationId: this.conversationId,
      ...this.job.person,
      signal: this.signal,
    };
  }

  /** False: the turn was refused, there is nothing to run or to settle. */
  async isAdmitted(): Promise<boolean> {
    return this.#admission === null || (await this.#admission);
  }

  /** Ends upstream at once; what was written so far stays. */
  end(cut: Cut): void {
    if (this.cut !== null || this.state === 'settling') return;
    this.cut = cut;
    this.reply.close();
    this.#abort.abort(TURN_OVER);
    this.#wasCut.resolve(cut);
  }

  showsLife(): void {
    this.lastActivityAt = performance.now();
  }

  /** Ends what still listens, also after a good end: plugins free what they hold for the turn. */
  finish(result: TurnResult | null): void {
    this.#abort.abort(TURN_OVER);
    this.#over.resolve(result);
  }
}
