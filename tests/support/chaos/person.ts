import { ApiError, createHttpClient, type HttpClient } from '@parley/sdk/client';
import type { TurnState } from '@parley/sdk/contract';
import type { TestUser } from '@parley/core/testing';
import { paidModel } from '../parley/paid-upstream.ts';
import { askFor } from './counting-upstream.ts';
import { completeOnce, NotAnsweredYet, turnIdOfKey } from './api-client.ts';

/** Something wanted once, however often it has to be asked for. */
export interface Wish {
  kind: 'send' | 'rewrite' | 'complete';
  /** Under which it is asked for each time. */
  clientTurnId: string;
  /** Of a message that is sent. */
  text: string | null;
  conversationId: string | null;
  /** The turn that it became, where the answer says so. */
  ask(): Promise<string | null>;
}
/** A wish that was answered. */
export interface Granted extends Wish {
  turnId: string | null;
}

/** More would make prompts long, and that is not what is tried here. */
const SENDS_PER_CONVERSATION = 5;

/** Sends, stops and writes again, remembers what the answers were, and asks again where there was none. */
export class Person {
  readonly user: TestUser;
  readonly granted: Granted[] = [];
  /** Ends that were confirmed when he stopped a turn, by its id. */
  readonly ends = new Map<string, TurnState>();
  /** Refusals that nobody should have got. */
  readonly refusals: string[] = [];
  /** How often he had to ask again. */
  repeated = 0;
  readonly http: HttpClient;
  readonly #url: string;
  readonly #apiKey: string;
  readonly #random: () => number;
  readonly #conversations: string[] = [];
  #sends = 0;
  #unanswered: Wish[] = [];

  constructor(options: { user: TestUser; apiKey: string; url: string; random: () => number }) {
    this.user = options.user;
    this.#url = options.url;
    this.#apiKey = options.apiKey;
    this.#random = options.random;
    this.http = createHttpClient({ baseUrl: options.url, headers: { cookie: options.user.cookie } });
  }

  get isWaiting(): boolean {
    return this.#unanswered.length > 0;
  }

  async askAgain(): Promise<void> {
    const wishes = this.#unanswered;
    this.#unanswered = [];
    this.repeated += wishes.length;
    await Promise.all(wishes.map((wish) => this.#wish(wish)));
  }

  /** Asks for some of it as if there had been no answer; what became another turn than the first time. */
  async doubled(count: number): Promise<string[]> {
    const some = Array.from({ length: count }, () => this.granted[Math.floor(this.#random() * this.granted.length)]!);
    const answers = await Promise.all(some.map(async (wish) => ({ wish, turnId: await wish.ask() })));
    return answers.flatMap(({ wish, turnId }) =>
      turnId === wish.turnId || wish.turnId === null ? [] : `${wish.kind} ${wish.turnId} became ${turnId}`,
    );
  }

  /** The turn, if the answer came. */
  async send(words: number): Promise<Granted | null> {
    const id = await this.#conversation();
    if (id === null) return null;
    this.#sends += 1;
    const body = {
      clientTurnId: crypto.randomUUID(),
      text: `Message ${this.#sends} of ${this.user.id}. ${askFor(words)}`,
    };
    return this.#wish({
      kind: 'send',
      clientTurnId: body.clientTurnId,
      text: body.text,
      conversationId: id,
      ask: async () => (await this.http('POST /api/conversations/:id/turns', { params: { id }, body })).turn.id,
    });
  }

  async rewrite(replyId: string, conversationId: string): Promise<void> {
    const body = { clientTurnId: crypto.randomUUID() };
    const params = { id: replyId };
    await this.#wish({
      kind: 'rewrite',
      clientTurnId: body.clientTurnId,
      text: null,
      conversationId,
      ask: async () => (await this.http('POST /api/messages/:id/regenerate', { params, body })).turn.id,
    });
  }

  /** As an API client does; the answer comes when the reply is whole. */
  async complete(words: number): Promise<void> {
    const key = crypto.randomUUID();
    const ask = () => completeOnce({ url: this.#url, apiKey: this.#apiKey, key, content: `${key}. ${askFor(words)}` });
    await this.#wish({ kind: 'complete', clientTurnId: turnIdOfKey(key), text: null, conversationId: null, ask });
  }

  /** What he sent last, or had written again. */
  async stop(): Promise<void> {
    const id = this.granted.findLast(({ kind }) => kind !== 'complete')?.turnId;
    if (id == null) return;
    const answer = await this.#try(() => this.http('POST /api/turns/:id/stop', { params: { id } }));
    if (answer !== null && !['queued', 'running'].includes(answer.state)) this.ends.set(id, answer.state);
  }

  async #wish(wish: Wish): Promise<Granted | null> {
    try {
      const granted = { ...wish, turnId: await wish.ask() };
      this.granted.push(granted);
      return granted;
    } catch (error) {
      if (isNoAnswer(error)) this.#unanswered.push(wish);
      else this.#refused(error);
      return null;
    }
  }

  /** Null: there was no answer, or a refusal. */
  async #try<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!isNoAnswer(error)) this.#refused(error);
      return null;
    }
  }

  #refused(error: unknown): void {
    // He has had it written again himself a moment ago.
    if (error instanceof ApiError && error.code === 'message.still-writing') return;
    this.refusals.push(error instanceof ApiError ? `${error.code}: ${error.message}` : String(error));
  }

  async #conversation(): Promise<string | null> {
    const current = this.#conversations.at(-1);
    if (current !== undefined && this.#sends % SENDS_PER_CONVERSATION !== 0) return current;
    const made = await this.#try(() => this.http('POST /api/conversations', { body: { model: paidModel } }));
    if (made === null) return null;
    this.#conversations.push(made.id);
    return made.id;
  }
}

/** The connection broke, at once or in the middle of the answer, or the core could not reach its database any more. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof ApiError) return error.code === 'network' || error.code === 'database.unavailable';
  // What the platform says of an answer that breaks off.
  return error instanceof NotAnsweredYet || (error instanceof TypeError && error.message === 'terminated');
}
