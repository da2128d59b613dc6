import { ApiError, type HttpClient, type RouteRequest } from '@parley/sdk/client';
import type { Estimate, Problem } from '@parley/sdk/contract';

export type EstimateQuestion = RouteRequest<'POST /api/estimate'>['body'];

/** A pause in typing, not the end of each word. */
const pauseMs = 300;

/** What sending the words in the box would cost. Asks in pauses, only when something changed, and never keeps anybody from typing or sending. */
export class Estimator {
  #estimate = $state.raw<Estimate | null>(null);
  #problem = $state.raw<Problem | null>(null);
  /** What was asked last, and in which situation. */
  #question: EstimateQuestion | null = null;
  #situation = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Of the words before the last pause; null while there is none. */
  get estimate(): Estimate | null {
    return this.#estimate;
  }
  /** Why the words could not be sent at all, such as `context.too-long`. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** `situation`: what else the answer depends on. Null: there is nothing to estimate. */
  ask(question: EstimateQuestion | null, situation: string): void {
    if (isSame(question, this.#question) && situation === this.#situation) return;
    this.stop();
    this.#question = question;
    this.#situation = situation;
    if (question === null) this.#answer(null, null);
    else this.#later(question, pauseMs);
  }

  /** Nothing is shown any more; what is under way is given up. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#question = null;
  }

  #later(question: EstimateQuestion, ms: number): void {
    this.#timer = setTimeout(() => void this.#ask(question), ms);
  }

  async #ask(body: EstimateQuestion): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const estimate = await this.#http('POST /api/estimate', { body, signal: abort.signal });
      if (!abort.signal.aborted) this.#answer(estimate, null);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#fail(error.problem, body);
    }
  }

  /** What is wrong with asking is no reason not to send. */
  #fail(problem: Problem, question: EstimateQuestion): void {
    const isAboutAsking = problem.status === 0 || problem.status === 429 || problem.status >= 500;
    this.#answer(null, isAboutAsking ? null : problem);
    if (problem.status === 429) this.#later(question, (problem.retryAfter ?? 5) * 1_000);
    else if (isAboutAsking) this.#question = null;
  }

  #answer(estimate: Estimate | null, problem: Problem | null): void {
    this.#estimate = estimate;
    this.#problem = problem;
  }
}

function isSame(a: EstimateQuestion | null, b: EstimateQuestion | null): boolean {
  return a?.text === b?.text && a?.conversationId === b?.conversationId && a?.model === b?.model;
}
