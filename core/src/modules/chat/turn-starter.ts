import { withinScope } from '../../observability/log-scope.ts';
import type { Tracer } from '../../observability/tracing/tracer.ts';
import { FrameTicker } from './frame-ticker.ts';
import { RunningTurn, type TurnJob } from './running-turn.ts';
import type { ReplyOutput } from './reply-output.ts';
import type { TurnFeed } from './turn-feed.ts';
import type { TurnRunner } from './turn-runner.ts';
import { TurnWriter } from './turn-writer.ts';

/** Starts admitted turns, until the process is about to stop. */
export class TurnStarter {
  readonly #runner: TurnRunner;
  readonly #feed: TurnFeed;
  readonly #tracer: Tracer;
  readonly #ticker = new FrameTicker();
  #isAccepting = true;

  constructor(runner: TurnRunner, feed: TurnFeed, tracer: Tracer) {
    this.#runner = runner;
    this.#feed = feed;
    this.#tracer = tracer;
  }

  get isAccepting(): boolean {
    return this.#isAccepting;
  }
  close(): void {
    this.#isAccepting = false;
  }

  startInConversation(job: TurnJob): RunningTurn {
    const conversationId = job.source.kind === 'conversation' ? job.source.conversationId : null;
    const head = { conversationId, turnId: job.turnId, messageId: job.replyId };
    return this.start(job, new TurnWriter(head, (frame) => this.#feed.publish(frame), this.#ticker));
  }

  /** `admission` may still be under way; false, or a rejection: there is no such turn. */
  start(job: TurnJob, output: ReplyOutput, admission?: Promise<boolean>): RunningTurn {
    const turn = new RunningTurn(job, output, admission);
    withinScope({ turnId: job.turnId, userId: job.userId }, () => this.#run(turn));
    return turn;
  }

  #run(turn: RunningTurn): void {
    const { turnId, userId, model } = turn.job;
    const attributes = { 'parley.turn.id': turnId, 'user.id': userId, 'parley.model': model.publicId };
    this.#tracer.open('turn', { attributes }, (span) => {
      this.#runner.start(turn);
      if (!this.#tracer.isOn) return;
      void turn.over.then((result) => {
        span.set({ 'parley.turn.state': result?.state ?? 'elsewhere' });
        span.end(result?.failure?.code);
      });
    });
  }
}
