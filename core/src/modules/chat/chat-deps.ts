import type { InstanceSettings, TurnFrame } from '@parley/sdk/contract';
import type { EventBus } from '../../events/event-bus.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Tracer } from '../../observability/tracing/tracer.ts';
import type { Database } from '../../ports/database/database.ts';
import type { EventLog } from '../../ports/event-log/index.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { Profiles } from '../accounts/index.ts';
import type { ConversationsModule } from '../conversations/index.ts';
import type { TurnCredits } from '../credits/index.ts';
import type { LimitsModule } from '../limits/index.ts';
import type { Moderation } from '../moderation/index.ts';
import type { PromptHooks } from '../plugins/index.ts';
import type { ModelCatalogue, ProviderRouter } from '../providers/index.ts';

export interface ChatDeps {
  database: Database;
  eventLog: EventLog<TurnFrame>;
  broadcaster: Broadcaster;
  events: EventBus;
  log: Logger;
  tracer: Tracer;
  metrics: { turns: Pick<Metrics['turns'], 'delayed'> };
  conversations: ConversationsModule;
  models: Pick<ModelCatalogue, 'list' | 'resolve'>;
  router: ProviderRouter;
  moderation: Moderation;
  promptHooks: PromptHooks;
  profiles: Profiles;
  limits: Pick<LimitsModule, 'effective' | 'minute'>;
  credits: TurnCredits;
  clock: Clock;
  settings: () => Pick<InstanceSettings, 'modelTitles'>;
  /** True when no other process can be using this database (the embedded one, under its folder's lock). */
  isSoleInstance: boolean;
  /** Names this process among all; the event log must know it under the same name. */
  instanceId?: string;
  times?: { heartbeatMs?: number; checkpointMs?: number; idleMs?: number };
  maxReplyChars?: number;
}
