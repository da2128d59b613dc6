import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Authenticator } from '../../http/authenticator.ts';
import type { Caller } from '../../http/caller.ts';
import { InvalidKey, SignInRequired } from '../../http/http-errors.ts';
import { authorize, identify } from '../../http/identify.ts';
import type { Limiter } from '../../http/middleware/rate-limit.ts';
import type { MountedFront } from '../../http/mounted-front.ts';
import { readJsonBody } from '../../http/read-body.ts';
import { requestState } from '../../http/request-state.ts';
import type { Logger } from '../../observability/logger.ts';
import type { ChatModule, CompletionInput } from '../chat/index.ts';
import { assertModelAllowed, type LimitsModule } from '../limits/index.ts';
import { type ModelCatalogue, modelsFor } from '../providers/index.ts';
import { answerStreaming } from './answer-streaming.ts';
import { answerWhole } from './answer-whole.ts';
import { presentModel } from './completion-presenter.ts';
import { Heartbeat } from './heartbeat.ts';
import { OpenAiError } from './openai-error.ts';
import { parseCompletion } from './parse-completion.ts';
import { openAiLimitHeaders } from './rate-limit-headers.ts';
import { toChatRequest } from './to-chat-request.ts';
import { sendError, toOpenAiError } from './to-openai-error.ts';

/** Room for a few images in base64. */
const bodyLimitBytes = 8_000_000;

export interface OpenAiApiDeps {
  complete: ChatModule['complete'];
  models: ModelCatalogue;
  authenticator: Authenticator;
  limits: Pick<LimitsModule, 'effective' | 'minute'>;
  limiter: Limiter;
  log: Logger;
}

/** `/v1`: a second front for the same turns, in the words that OpenAI's clients know. */
export function createOpenAiApi(deps: OpenAiApiDeps): { mounts: Record<'/v1', MountedFront>; stop(): void } {
  const heartbeat = new Heartbeat();

  async function serve(ctx: Context): Promise<void> {
    const path = ctx.path.replace(/\/$/, '');
    requestState(ctx).route = routeOf(path);
    if (path === '/v1/chat/completions') {
      requireMethod(ctx, 'POST');
      await chatCompletions(ctx);
    } else if (path === '/v1/models') {
      requireMethod(ctx, 'GET');
      const limits = await deps.limits.effective((await requireCaller(ctx)).userId);
      const allowed = modelsFor(deps.models, limits);
      ctx.body = { object: 'list', data: allowed.map(presentModel) };
    } else if (path.startsWith('/v1/models/')) {
      requireMethod(ctx, 'GET');
      const limits = await deps.limits.effective((await requireCaller(ctx)).userId);
      const model = deps.models.resolve(modelOf(path));
      assertModelAllowed(limits, model.publicId);
      ctx.body = presentModel(model);
    } else {
      const message = `Unknown address ${ctx.method} ${ctx.path.slice(0, 200)}. Here are /v1/chat/completions and /v1/models.`;
      throw new OpenAiError(404, { message, type: 'invalid_request_error', code: 'not_found' });
    }
  }

  async function chatCompletions(ctx: Context): Promise<void> {
    const caller = await requireCaller(ctx);
    await takeRequest(ctx, caller.userId);
    const request = parseCompletion(await readJsonBody(ctx.req, bodyLimitBytes));
    const input: CompletionInput = {
      userId: caller.userId,
      model: request.model,
      request: toChatRequest(request),
      clientTurnId: idempotencyKey(ctx),
    };
    const created = Math.floor(Date.now() / 1000);
    const options = {
      headOf: (turnId: string, model: string) => ({ id: `chatcmpl-${turnId.replaceAll('-', '')}`, created, model }),
      makeCallId: () => `call_${randomBytes(12).toString('hex')}`,
    };
    if (request.stream !== true) return answerWhole(ctx, deps.complete, input, options);
    const includeUsage = request.stream_options?.include_usage === true;
    return answerStreaming(ctx, deps.complete, input, { ...options, includeUsage, heartbeat });
  }

  /** What was said is read only afterwards: who asks too often must cost little. */
  async function takeRequest(ctx: Context, userId: string): Promise<void> {
    const { limits } = deps;
    const { limit, remaining, resetAt } = await limits.minute.take(userId, await limits.effective(userId));
    const resetSeconds = resetAt === null ? 0 : Math.max(1, Math.ceil((resetAt.getTime() - Date.now()) / 1000));
    ctx.set(openAiLimitHeaders('requests', { limit, remaining, resetSeconds }));
  }

  /** Keys only: a session cookie must not let a foreign page spend what is a person's. */
  async function requireCaller(ctx: Context): Promise<Caller> {
    const caller = await identify(ctx, deps.authenticator, deps.limiter);
    if (caller === null) throw SignInRequired();
    if (caller.apiKeyId === undefined) throw InvalidKey();
    authorize(caller, 'user', 'chat');
    return caller;
  }

  return {
    mounts: {
      '/v1': {
        serve,
        async errors(ctx, next) {
          try {
            await next();
          } catch (error) {
            // What broke off after the headers must look broken; the outermost handler sees to that.
            if (ctx.res.headersSent || ctx.res.destroyed) throw error;
            const { requestId } = requestState(ctx);
            const { answer, unexpected } = toOpenAiError(error, requestId);
            if (unexpected) deps.log.error({ err: error, requestId, path: ctx.path }, 'A request failed');
            sendError(ctx, answer);
          }
        },
      },
    },
    stop: () => heartbeat.stop(),
  };
}

/** What requests are counted by. */
function routeOf(path: string): string {
  if (path === '/v1/chat/completions' || path === '/v1/models') return path;
  return path.startsWith('/v1/models/') ? '/v1/models/:model' : '/v1';
}

function requireMethod(ctx: Context, method: string): void {
  if (ctx.method === method || (method === 'GET' && ctx.method === 'HEAD')) return;
  ctx.set('Allow', method);
  const message = `${ctx.method} is not possible here; use ${method}.`;
  throw new OpenAiError(405, { message, type: 'invalid_request_error', code: 'method_not_allowed' });
}

/** An id holds a slash, which clients may or may not encode. */
function modelOf(path: string): string {
  const id = path.slice('/v1/models/'.length);
  try {
    return decodeURIComponent(id);
  } catch (error) {
    if (error instanceof URIError) return id;
    throw error;
  }
}

/** Any text will do as a key; it is kept as a digest. */
function idempotencyKey(ctx: Context): string | undefined {
  const key = ctx.get('Idempotency-Key');
  return key === '' ? undefined : `v1:${createHash('sha256').update(key).digest('hex')}`;
}
