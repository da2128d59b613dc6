import { defineEntity, p } from '@mikro-orm/core';
import type { TurnFailure, Usage } from '@parley/sdk/contract';
import type { ToolCall } from '@parley/sdk/plugin';
import { Conversation } from './conversation.entity.ts';

const MessageSchema = defineEntity({
  name: 'Message',
  tableName: 'message',
  checks: [
    { name: 'message_role', expression: `role in ('user', 'assistant')` },
    {
      name: 'message_status',
      expression: `status in ('queued', 'streaming', 'done', 'stopped', 'failed', 'blocked', 'interrupted')`,
    },
  ],
  indexes: [
    {
      name: 'message_versions',
      expression: 'create index message_versions on message (slot_id, id) where slot_id is not null',
    },
    {
      name: 'message_conversation',
      expression: 'create index message_conversation on message (conversation_id) where conversation_id is not null',
    },
    {
      name: 'message_open',
      expression: `create index message_open on message (conversation_id) where conversation_id is not null and status in ('queued', 'streaming')`,
    },
    {
      name: 'message_search',
      expression:
        'create index message_search on message using gin (search) with (gin_pending_list_limit = 256) where search is not null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    /** Null for a reply to an API client, which keeps its own history. */
    conversation: () => p.manyToOne(Conversation).fieldName('conversation_id').nullable().deleteRule('cascade'),
    /** The message before this one. No foreign key: a tree is only ever removed whole. */
    parentId: p.uuid().nullable(),
    /** What its versions share: the parent, or the conversation for a first message. */
    slotId: p.uuid().nullable(),
    role: p.text().$type<'user' | 'assistant'>(),
    status: p.text(),
    text: p.text().default(''),
    reasoning: p.text().default(''),
    toolCalls: p.json<ToolCall[]>().nullable(),
    /** 1 for a first message, then one more than the parent's. */
    position: p.integer().default(1),
    model: p.text().nullable(),
    /** The turn that wrote it last. */
    turnId: p.uuid().nullable(),
    finishReason: p.text().nullable(),
    usage: p.json<Usage>().nullable(),
    failure: p.json<TurnFailure>().nullable(),
    /** `plugin` or `plugin: rule`. */
    flaggedBy: p.text().nullable(),
    durationMs: p.integer().nullable(),
    search: p.string().columnType('tsvector').nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    editedAt: p.datetime(3).nullable(),
  },
});
export class Message extends MessageSchema.class {}
MessageSchema.setClass(Message);
