import { BackgroundWork } from '../../lib/background-work.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { AfterTurn } from './after-turn.ts';
import type { ChatDeps } from './chat-deps.ts';
import './chat.events.ts';
import { chatGateway } from './chat.gateway.ts';
import { chatRoutes } from './chat.routes.ts';
import { ChatService } from './chat.service.ts';
import { createCompletions } from './completions.ts';
import { DelaySampler } from './delay-sampler.ts';
import { MissedTurns } from './missed-turns.ts';
import { RoomWatch } from './room-watch.ts';
import { createSettleQueue } from './settle-queue.ts';
import { drainTurns } from './drain-turns.ts';
import { TurnClaims } from './turn-claims.ts';
import { TurnFeed } from './turn-feed.ts';
import { TurnKeeper } from './turn-keeper.ts';
import { TurnQueries } from './turn-queries.ts';
import { TurnReaper } from './turn-reaper.ts';
import { TurnRegistry } from './turn-registry.ts';
import { TurnRunner } from './turn-runner.ts';
import { TurnStarter } from './turn-starter.ts';
import { TurnStopper } from './turn-stopper.ts';
import { ConversationTitles } from '../prompting/index.ts';
import { reapTurns } from './reap-turns.sweep.ts';

export { Turn } from './turn.entity.ts';
export type { ChatDeps } from './chat-deps.ts';
export type { ChatService } from './chat.service.ts';
export type { Completion, CompletionEnd, CompletionInput, CompletionSink } from './completions.ts';
export { Stopping, TooManyOpenTurns, TurnIdReused } from './chat.errors.ts';
export type { TurnEndState } from './turn.ts';

const DEFAULT_TIMES = { heartbeatMs: 5_000, checkpointMs: 2_000, idleMs: 120_000 };
/** What is told after a turn is in the database already: whoever looks again finds it. */
const LATE_WORK_MS = 500;
/** About 300,000 words; no model writes as much, a broken one may. */
const MAX_REPLY_CHARS = 2_000_000;

export function createChatModule(deps: ChatDeps) {
  const { pool } = deps.database;
  const instanceId = deps.instanceId ?? uuidV7();
  const giveUp = new AbortController();
  const background = new BackgroundWork();
  const conversations = deps.conversations.service;
  const { messages } = deps.conversations;
  const report = (error: unknown) => deps.log.error({ err: error }, 'Chat');
  const reportTurn = (error: unknown, turnId: string) =>
    deps.log.error({ err: error, turnId }, 'A turn could not be finished');
  const claims = new TurnClaims(deps);
  const queries = new TurnQueries(pool);
  const registry = new TurnRegistry(deps.eventLog);
  const feed = new TurnFeed(deps.eventLog, deps.broadcaster);
  const rooms = new RoomWatch(feed);
  const replay = { registry, log: deps.eventLog, queries };
  const queue = createSettleQueue({ ...deps, pool, instanceId, report, signal: giveUp.signal });
  const settle: typeof queue = (result) => deps.tracer.span('settle', {}, () => queue(result));
  const titles = new ConversationTitles({
    conversations,
    router: deps.router,
    byModel: () => deps.settings().modelTitles,
  });
  const after = new AfterTurn({ ...deps, conversations, messages, titles });
  const runner = new TurnRunner({
    ...deps,
    pool,
    messages,
    registry,
    feed,
    settle,
    delays: new DelaySampler(deps.metrics.turns.delayed),
    maxReplyChars: deps.maxReplyChars ?? MAX_REPLY_CHARS,
    afterwards: (turn, result, settled) =>
      background.run(
        (signal) => after.settled(turn, result, settled, signal),
        (error) => reportTurn(error, turn.job.turnId),
      ),
    report: reportTurn,
  });
  const starter = new TurnStarter(runner, feed, deps.tracer);
  const stopper = new TurnStopper(registry, queries);
  const keeper = new TurnKeeper({ ...deps, pool, instanceId, registry, report, ...DEFAULT_TIMES, ...deps.times });
  const reaper = new TurnReaper({
    pool,
    instanceId,
    log: deps.eventLog,
    feed,
    conversations,
    settle,
    closed: (turn) => after.closed(turn),
    reaped: (turnId) => deps.events.emit('turn.reaped', { turnId }),
  });
  const missed = new MissedTurns({
    pool,
    instanceId,
    feed,
    log: deps.eventLog,
    ended: (turn) => after.closedElsewhere(turn),
    report,
  });
  const shared = {
    ...deps,
    pool,
    instanceId,
    claims,
    conversations,
    messages,
    queries,
    registry,
    starter,
    stopper,
    report,
  };
  const service = new ChatService(shared);
  const completions = createCompletions(shared);
  /** Takes no new turns, lets the running ones end, and hands over what is not done in time as interrupted. */
  async function drain(graceMs: number): Promise<void> {
    starter.close();
    await drainTurns(registry, graceMs);
  }
  const stopIn = (userId: string, conversationId: string | null) =>
    background.run(() => stopper.stopIn(userId, conversationId), report);
  const listening = [
    deps.events.on('conversation.deleted', ({ conversationId, userId }) => stopIn(userId, conversationId)),
    deps.events.on('account.suspended', ({ userId }) => stopIn(userId, null)),
  ];
  const undo = () => listening.forEach((stop) => stop());

  return {
    service,
    /** For `/v1`: a turn without a conversation. */
    complete: completions.complete,
    instanceId,
    routes: chatRoutes({ ...deps, pool, service, conversations, messages, queries, feed, replay }),
    socketRoutes: chatGateway({ service, conversations, queries, feed, rooms, replay }),
    sweeps: [reapTurns(reaper, keeper)],
    /** Turns that are open here. */
    openTurns: () => registry.size,
    openStates: () => registry.all().map(({ state }) => state),
    async start(): Promise<void> {
      await registry.start();
      rooms.start();
      keeper.start();
      if (!deps.isSoleInstance) missed.start();
      await reaper.reap(deps.isSoleInstance);
    },
    drain,
    /** What was admitted in the moment of the drain is handed over too. */
    async stop(graceMs = 0): Promise<void> {
      await drain(graceMs);
      undo();
      giveUp.abort();
      background.run(() => Promise.all([keeper.stop(), missed.stop()]), report);
      await background.stop(LATE_WORK_MS);
      rooms.stop();
      registry.stop();
    },
    /** As `kill -9` would, for tests: nothing is written any more. */
    crash(): void {
      starter.close();
      undo();
      giveUp.abort();
      void keeper.stop();
      void missed.stop();
      rooms.stop();
      registry.stop();
      for (const turn of registry.all()) turn.end({ kind: 'lost' });
    },
  };
}
export type ChatModule = ReturnType<typeof createChatModule>;
