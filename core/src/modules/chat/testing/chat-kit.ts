import { randomUUID } from 'node:crypto';
import type { ServerToClientEvents, TurnFrame, Turn } from '@parley/sdk/contract';
import { createLimiter } from '../../../http/middleware/rate-limit.ts';
import { createEventBus } from '../../../events/event-bus.ts';
import { openCache } from '../../../ports/cache/index.ts';
import { createLogger, type Logger } from '../../../observability/logger.ts';
import { noTracer } from '../../../observability/tracing/tracer.ts';
import { openDatabase, type Database } from '../../../ports/database/database.ts';
import { createMemoryRateWindow } from '../../../ports/rate-window/memory-rate-window.ts';
import { createMemoryEventLog, type EventLog } from '../../../ports/event-log/index.ts';
import type { Broadcaster, Room } from '../../../realtime/broadcaster.ts';
import { createFakeProvider, fakeModel, type FakeProvider } from '../../../testing/fake-provider.ts';
import { generousLimits } from '../../../testing/factories/generous-limits.ts';
import { insertUser } from '../../../testing/factories/insert-user.ts';
import { fakeClock, type FakeClock } from '../../../testing/fake-clock.ts';
import { createConversationsModule, type ConversationsModule } from '../../conversations/index.ts';
import { createAuditModule } from '../../audit/index.ts';
import { createCreditsModule, type CreditsModule } from '../../credits/index.ts';
import type { EffectiveLimits } from '../../limits/index.ts';
import type { Moderation } from '../../moderation/index.ts';
import type { PromptHooks } from '../../plugins/index.ts';
import type { ResolvedModel } from '../../providers/index.ts';
import { createChatModule, type ChatDeps, type ChatModule } from '../index.ts';

/** What browsers would have heard. */
export interface Heard {
  room: Room;
  event: keyof ServerToClientEvents;
  payload: unknown;
  isLocal: boolean;
}

export interface ChatKit {
  database: Database;
  provider: FakeProvider;
  moderation: Moderation;
  conversations: ConversationsModule;
  chat: ChatModule;
  heard: Heard[];
  model: ResolvedModel;
  /** Of everybody here. */
  limits: EffectiveLimits;
  credits: CreditsModule;
  clock: FakeClock;
  settings: { modelTitles: boolean };
  /** Frames of a turn that went to the sockets here. */
  frames(turnId: string): TurnFrame[];
  newConversation(userId?: string): Promise<{ userId: string; conversationId: string }>;
  /** Waits until a turn of this kit is over and was told: a look into the database may find its end before anybody hears of it. */
  over(userId: string, turnId: string): Promise<Turn>;
  stop(): Promise<void>;
}

export interface ChatKitOptions extends Partial<Pick<ChatDeps, 'times' | 'maxReplyChars' | 'isSoleInstance'>> {
  databaseUrl: string;
  eventLog?: EventLog<TurnFrame>;
  instanceId?: string;
  model?: Partial<ResolvedModel>;
  moderation?: Partial<Moderation>;
  promptHooks?: PromptHooks;
  log?: Logger;
  /** Hears frames besides the record, as a socket would. */
  onFrame?(room: Room, frame: TurnFrame): void;
}

/** Conversations and chat on a real database, with a provider that the test plays and sockets that only listen. */
export async function createChatKit(options: ChatKitOptions): Promise<ChatKit> {
  const database = await openDatabase({ url: options.databaseUrl, poolSize: 10 });
  const events = createEventBus((error) => {
    throw error;
  });
  const settled = new Set<string>();
  events.on('turn.settled', ({ turnId }) => void settled.add(turnId));
  const heard: Heard[] = [];
  const broadcaster = recordingBroadcaster(heard, options.onFrame);
  const provider = createFakeProvider();
  const model = fakeModel(options.model);
  const settings = { modelTitles: false };
  const limits = generousLimits();
  const moderation: Moderation = { ...permissive, ...options.moderation };
  const clock = fakeClock(Date.now());
  const log = options.log ?? createLogger({ level: 'silent' });
  const cache = openCache({ redis: null, log });
  const conversations = createConversationsModule({ database, cache, broadcaster, events, clock });
  const profiles = { get: async () => ({ nickname: 'Robin', language: 'en' as const, timeZone: 'UTC' }) };
  const credits = await createCreditsModule({
    database,
    changes: { announce: async () => {}, on: () => () => {}, isListening: () => true, stop: async () => {} },
    clock,
    log,
    events,
    broadcaster,
    metrics: { moved: () => {}, holdResolved: () => {}, refused: () => {}, booksChecked: () => {} },
    audit: createAuditModule({ database, people: async () => new Map() }),
    profiles,
    limiter: createLimiter({ window: createMemoryRateWindow() }),
    payments: null,
    people: async () => new Map(),
    topUpUrl: () => null,
  });
  const chat = createChatModule({
    database,
    eventLog: options.eventLog ?? createMemoryEventLog<TurnFrame>({ now: () => Date.now() }),
    broadcaster,
    events,
    tracer: noTracer,
    metrics: { turns: { delayed: () => undefined } },
    log,
    conversations,
    models: { list: () => [model], resolve: () => model },
    router: provider,
    moderation,
    promptHooks: options.promptHooks ?? {
      run: async (draft) => ({ messages: draft.messages, additions: [], steps: [] }),
    },
    profiles,
    limits: { effective: async () => limits, minute: unlimitedMinute },
    credits: credits.turns,
    clock,
    settings: () => settings,
    isSoleInstance: options.isSoleInstance ?? false,
    instanceId: options.instanceId,
    times: options.times,
    maxReplyChars: options.maxReplyChars,
  });
  await chat.start();

  return {
    database,
    provider,
    moderation,
    conversations,
    chat,
    heard,
    model,
    limits,
    credits,
    clock,
    settings,
    frames: (turnId) =>
      heard
        .filter(({ event, payload }) => event === 'turn:frame' && (payload as TurnFrame).turnId === turnId)
        .map(({ payload }) => payload as TurnFrame),
    async newConversation(userId = randomUUID()) {
      await insertUser(database.pool, userId);
      const { id } = await conversations.service.create(userId, { model: null, systemPrompt: '', parameters: {} });
      return { userId, conversationId: id };
    },
    async over(userId, turnId) {
      for (;;) {
        const turn = await chat.service.get(userId, turnId);
        if (turn.finishedAt !== null && settled.has(turnId)) return turn;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      await chat.stop(0);
      await database.close();
    },
  };
}

const free = { limit: 1_000_000, remaining: 1_000_000, resetAt: null };
const unlimitedMinute = { take: async () => free, look: async () => free };

const permissive: Moderation = {
  checkInput: async (text) => ({ text, steps: [], flaggedBy: null, blockedBy: null }),
  outputGate: () => null,
  openFilters: async () => null,
};

function recordingBroadcaster(heard: Heard[], onFrame: ChatKitOptions['onFrame']): Broadcaster {
  return {
    emit: (room, event, payload) => void heard.push({ room, event, payload, isLocal: false }),
    emitLocal(room, event, payload) {
      heard.push({ room, event, payload, isLocal: true });
      if (event === 'turn:frame') onFrame?.(room, payload as TurnFrame);
    },
    disconnect: async () => undefined,
  };
}
