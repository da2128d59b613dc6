import { defineEntity, p } from '@mikro-orm/core';
import type { TurnState } from '@parley/sdk/contract';
import { Conversation } from '../conversations/index.ts';
import type { StoredTrace } from '../prompting/index.ts';

const TurnSchema = defineEntity({
  name: 'Turn',
  tableName: 'turn',
  checks: [
    {
      name: 'turn_state',
      expression: `state in ('queued', 'running', 'completed', 'stopped', 'failed', 'interrupted')`,
    },
  ],
  indexes: [
    {
      name: 'turn_client',
      expression: 'create unique index turn_client on turn (user_id, client_turn_id) where client_turn_id is not null',
    },
    {
      name: 'turn_open',
      expression: `create index turn_open on turn (user_id, conversation_id) where state in ('queued', 'running')`,
    },
    {
      name: 'turn_conversation',
      expression: 'create index turn_conversation on turn (conversation_id) where conversation_id is not null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    /** Null for an API client's request. */
    conversation: () => p.manyToOne(Conversation).fieldName('conversation_id').nullable().deleteRule('cascade'),
    /** The reply. */
    messageId: p.uuid(),
    /** What it answers; null when a reply is written again, and for API clients. */
    userMessageId: p.uuid().nullable(),
    clientTurnId: p.text().nullable(),
    /** Of all the client sent under that id: another body under the same id is refused. */
    requestDigest: p.text().nullable(),
    state: p.text().$type<TurnState>(),
    model: p.text(),
    /** Of the last event that the checkpointed text holds. */
    seq: p.integer().default(0),
    /** A stop that reaches the running process with its next heartbeat, should the faster way fail. */
    stopRequested: p.boolean().default(false),
    /** The process that runs it. It must renew the lease or lose the turn. */
    instanceId: p.uuid(),
    /** By the database's clock. */
    leaseUntil: p.datetime(3),
    trace: p.json<StoredTrace>().nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    finishedAt: p.datetime(3).nullable(),
  },
});
export class Turn extends TurnSchema.class {}
TurnSchema.setClass(Turn);
