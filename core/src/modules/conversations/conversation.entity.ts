import { defineEntity, p } from '@mikro-orm/core';
import type { ChatParameters } from '@parley/sdk/contract';
import { User } from '../accounts/index.ts';

const ConversationSchema = defineEntity({
  name: 'Conversation',
  tableName: 'conversation',
  checks: [{ name: 'conversation_title_source', expression: `title_source in ('none', 'auto', 'user')` }],
  indexes: [
    {
      name: 'conversation_list',
      expression:
        'create index conversation_list on conversation (user_id, archived, last_active_at desc, id desc) where deleted_at is null',
    },
    {
      name: 'conversation_deleted',
      expression: 'create index conversation_deleted on conversation (deleted_at) where deleted_at is not null',
    },
    {
      name: 'conversation_search',
      expression:
        'create index conversation_search on conversation using gin (search) with (gin_pending_list_limit = 256)',
    },
  ],
  triggers: [
    {
      name: 'revised',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      body: `new.revision := old.revision + 1; return new;`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Whoever goes takes it along, with its messages and turns. */
    user: () => p.manyToOne(User).deleteRule('cascade'),
    title: p.text().default(''),
    titleSource: p.text().$type<'none' | 'auto' | 'user'>().default('none'),
    pinned: p.boolean().default(false),
    archived: p.boolean().default(false),
    /** Public model id; null: the default model. */
    model: p.text().nullable(),
    systemPrompt: p.text().default(''),
    parameters: p.json<ChatParameters>().default('{}'),
    /** The end of the branch that is shown. */
    activeLeafId: p.uuid().nullable(),
    /** What `search-tokens.ts` made of the title. */
    search: p.string().columnType('tsvector').nullable(),
    /** Counts its changes, see the trigger: of two readings the one with the larger is the later. */
    revision: p.integer().default(1),
    createdAt: p.datetime(3).defaultRaw('now()'),
    lastActiveAt: p.datetime(3).defaultRaw('now()'),
    /** Set: deleted, to be undone until the purge. */
    deletedAt: p.datetime(3).nullable(),
  },
});
export class Conversation extends ConversationSchema.class {}
ConversationSchema.setClass(Conversation);
