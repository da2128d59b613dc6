import { z } from 'zod';
import { Id, IdParams, line, page, PageQuery, QueryFlag, text, Timestamp } from './common.ts';
import { Receipt } from './receipts.ts';
import { defineRoutes } from './routes.ts';
import { FinishReason, TurnFailure, TurnState, Usage } from './turn-events.ts';

/** Sampling parameters a person may set; absent ones are the model's own. */
export const ChatParameters = z.object({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  maxTokens: z.int().min(1).max(1_000_000).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  stop: z.array(z.string().min(1).max(200)).max(4).optional(),
});
export type ChatParameters = z.infer<typeof ChatParameters>;

export const Conversation = z.object({
  id: Id,
  title: z.string(),
  /** `auto` titles may be replaced by ours, `user` ones never. */
  titleSource: z.enum(['none', 'auto', 'user']),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** Public model id; null: the default model. */
  model: z.string().nullable(),
  systemPrompt: z.string(),
  parameters: ChatParameters,
  activeLeafId: Id.nullable(),
  messageCount: z.int(),
  openTurns: z.int(),
  /** Grows with each change, a delete too: answers and events travel on ways of their own, and the larger one is the later. */
  revision: z.int(),
  createdAt: Timestamp,
  /** Of the last message. */
  lastActiveAt: Timestamp,
});
export type Conversation = z.infer<typeof Conversation>;

export const MessageStatus = z.enum(['queued', 'streaming', 'done', 'stopped', 'failed', 'blocked', 'interrupted']);
export const Message = z.object({
  id: Id,
  conversationId: Id,
  parentId: Id.nullable(),
  role: z.enum(['user', 'assistant']),
  status: MessageStatus,
  text: z.string(),
  reasoning: z.string(),
  /** 1-based place on the active path. */
  position: z.int().min(1),
  /** Ids of all messages with the same parent, oldest first, this one included. */
  versions: z.array(Id),
  /** Of an assistant message. */
  model: z.string().nullable(),
  turnId: Id.nullable(),
  finishReason: FinishReason.nullable(),
  usage: Usage.nullable(),
  /** Of a reply that is not free. */
  receipt: Receipt.nullable(),
  failure: TurnFailure.nullable(),
  flaggedBy: z.string().nullable(),
  /** Milliseconds from admission to the end. */
  durationMs: z.int().nullable(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
});
export type Message = z.infer<typeof Message>;

export const Turn = z.object({
  id: Id,
  conversationId: Id.nullable(),
  messageId: Id,
  state: TurnState,
  model: z.string(),
  /** Of the last event written. */
  seq: z.int(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
});
export type Turn = z.infer<typeof Turn>;

export const ConversationCreate = z.object({
  title: line(200).optional(),
  model: z.string().max(300).nullable().default(null),
  systemPrompt: text(100_000).default(''),
  parameters: ChatParameters.default({}),
});
export const ConversationChange = z
  .object({
    title: line(200),
    pinned: z.boolean(),
    archived: z.boolean(),
    model: z.string().max(300).nullable(),
    systemPrompt: text(100_000),
    parameters: ChatParameters,
  })
  .partial();
export const ConversationListQuery = PageQuery.extend({
  archived: QueryFlag.default(false),
  pinned: QueryFlag.optional(),
});

/** At most one of `before`, `after`, `around`; none: the end of the active path. `after` and `around` lie on it, else 409. */
export const MessageListQuery = z.object({
  before: Id.optional(),
  after: Id.optional(),
  around: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(40),
});
export const MessagePage = z.object({
  /** In reading order, along the active path. */
  items: z.array(Message),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
  total: z.int(),
});
export type MessagePage = z.infer<typeof MessagePage>;

export const SearchQuery = PageQuery.extend({ q: line(200), conversationId: Id.optional() });
export const SearchHit = z.object({
  conversationId: Id,
  title: z.string(),
  /** Null: the title matched. */
  messageId: Id.nullable(),
  role: z.enum(['user', 'assistant']).nullable(),
  /** Text around the match. */
  snippet: z.string(),
  /** [start, end) character offsets of the matches in `snippet`. */
  matches: z.array(z.tuple([z.int(), z.int()])),
  at: Timestamp,
});
export type SearchHit = z.infer<typeof SearchHit>;

/** Made by the client, one per thing sent: repeating it returns the turn that exists. */
export const ClientTurnId = z
  .string()
  .min(8)
  .max(100)
  .regex(/^[\w.:-]+$/);
export const maxMessageChars = 200_000;
export const SendRequest = z.object({
  clientTurnId: ClientTurnId,
  text: text(maxMessageChars, 1).refine((value) => value.trim() !== '', { message: 'is empty' }),
  /** The message this one follows; absent: the active leaf; null: the start (an edit of the first message). */
  parentId: Id.nullable().optional(),
  model: z.string().max(300).optional(),
});
export type SendRequest = z.infer<typeof SendRequest>;
export const RegenerateRequest = z.object({
  clientTurnId: ClientTurnId,
  model: z.string().max(300).optional(),
});
export const TurnOpened = z.object({
  turn: Turn,
  /** Null when a reply is written again. */
  userMessage: Message.nullable(),
  assistantMessage: Message,
});
export type TurnOpened = z.infer<typeof TurnOpened>;

export const TraceStep = z.object({
  /** `publisher.name/local-id`, or `parley` for our own part. */
  source: z.string(),
  kind: z.enum(['inlet', 'prompt', 'provider', 'stream', 'outlet']),
  note: z.string(),
  /** Null: it worked while the reply was on its way, and nobody waited for it. */
  ms: z.number().nullable(),
  outcome: z.enum(['unchanged', 'changed', 'flagged', 'blocked', 'failed']),
});
export const TraceSection = z.object({
  source: z.string(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  text: z.string(),
  tokens: z.int(),
  messageId: Id.nullable(),
});
/** How a reply came about. */
export const Trace = z.object({
  turnId: Id,
  model: z.string(),
  provider: z.string(),
  /** What the model was sent, by source. */
  sections: z.array(TraceSection),
  promptTokens: z.int(),
  contextTokens: z.int(),
  /** Messages of the path that did not fit. */
  omittedMessages: z.int(),
  parameters: ChatParameters,
  steps: z.array(TraceStep),
  /** Milliseconds from admission. */
  timings: z.object({
    promptMs: z.number(),
    firstTokenMs: z.number().nullable(),
    totalMs: z.number().nullable(),
  }),
  attempts: z.int(),
  usage: Usage.nullable(),
});
export type Trace = z.infer<typeof Trace>;

export const conversationRoutes = defineRoutes({
  'GET /api/conversations': {
    summary: 'Conversations, last active first',
    access: 'user',
    query: ConversationListQuery,
    response: page(Conversation),
  },
  'POST /api/conversations': {
    summary: 'Start a conversation',
    access: 'user',
    body: ConversationCreate,
    response: Conversation,
    status: 201,
  },
  'GET /api/conversations/:id': {
    summary: 'One conversation',
    access: 'user',
    params: IdParams,
    response: Conversation,
  },
  'PATCH /api/conversations/:id': {
    summary: 'Rename, pin, archive, set prompt and parameters',
    access: 'user',
    params: IdParams,
    body: ConversationChange,
    response: Conversation,
  },
  'DELETE /api/conversations/:id': { summary: 'Delete; can be undone for a while', access: 'user', params: IdParams },
  'POST /api/conversations/:id/restore': {
    summary: 'Undo a delete',
    access: 'user',
    params: IdParams,
    response: Conversation,
  },
  'GET /api/conversations/:id/messages': {
    summary: 'Messages along the active path',
    access: 'user',
    params: IdParams,
    query: MessageListQuery,
    response: MessagePage,
  },
  'PUT /api/conversations/:id/active-message': {
    summary: 'Show the branch that holds this message',
    access: 'user',
    params: IdParams,
    body: z.object({ messageId: Id }),
    response: Conversation,
  },
  'GET /api/search': {
    summary: 'Find in titles and messages',
    access: 'user',
    query: SearchQuery,
    response: page(SearchHit),
  },
  'PATCH /api/messages/:id': {
    summary: 'Correct a message without answering it again',
    access: 'user',
    params: IdParams,
    body: z.object({ text: text(maxMessageChars, 1) }),
    response: Message,
  },
});

export const chatRoutes = defineRoutes({
  'POST /api/conversations/:id/turns': {
    summary: 'Send a message',
    access: 'user',
    params: IdParams,
    body: SendRequest,
    response: TurnOpened,
    status: 201,
  },
  'POST /api/messages/:id/regenerate': {
    summary: 'Write a reply again: in place if it failed, else as a new version',
    access: 'user',
    params: IdParams,
    body: RegenerateRequest,
    response: TurnOpened,
    status: 201,
  },
  'GET /api/turns': { summary: 'Turns that are open', access: 'user', response: z.array(Turn) },
  'GET /api/turns/:id': { summary: 'One turn', access: 'user', params: IdParams, response: Turn },
  'POST /api/turns/:id/stop': {
    summary: 'Stop a turn; its text stays',
    access: 'user',
    params: IdParams,
    response: Turn,
  },
  'GET /api/turns/:id/events': {
    summary: "The turn's events; resumes with Last-Event-ID",
    access: 'user',
    params: IdParams,
    query: z.object({ afterSeq: z.coerce.number().int().min(0).optional() }),
    produces: 'text/event-stream',
  },
  'GET /api/messages/:id/trace': {
    summary: 'How a reply came about',
    access: 'user',
    params: IdParams,
    response: Trace,
  },
});
