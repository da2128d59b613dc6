import type { FieldProblem } from '@parley/sdk/contract';
import { AppError, defineError } from '../lib/app-error.ts';

export const NotFound = defineError('not-found', 404, () => 'There is nothing at this address.');
export const MethodNotAllowed = defineError(
  'method-not-allowed',
  405,
  (d: { allow: string }) => `Allowed here: ${d.allow}.`,
);
export const SignInRequired = defineError('auth.required', 401, () => 'Sign in first.');
export const InvalidKey = defineError('auth.invalid-key', 401, () => 'This API key is unknown or was revoked.');
export const SessionRequired = defineError('auth.session-required', 403, () => 'API keys are not accepted here.');
export const ScopeMissing = defineError(
  'auth.scope-missing',
  403,
  (d: { scope: string }) => `This API key lacks the scope "${d.scope}".`,
);
export const Forbidden = defineError('auth.forbidden', 403, () => 'Only admins may do this.');
export const OriginRefused = defineError('origin.refused', 403, () => 'This request came from another site.');
export const MalformedJson = defineError('input.malformed-json', 400, () => 'The body is not valid JSON.');
export const NestedTooDeep = defineError(
  'input.too-deep',
  400,
  (d: { limit: number }) => `The body nests deeper than ${d.limit} levels.`,
);
export const BodyTooLarge = defineError(
  'input.too-large',
  413,
  (d: { limitBytes: number }) => `The body is larger than ${d.limitBytes} bytes.`,
);
export const UnsupportedMedia = defineError(
  'input.unsupported-media',
  415,
  () => 'The body must be JSON in UTF-8 (application/json).',
);
export const RequestAborted = defineError('request.aborted', 499, () => 'The client went away.');
export const Stopping = defineError('server.stopping', 503, () => 'The server is about to stop.');

const invalid = 'input.invalid';
export const InvalidInput = (errors: FieldProblem[]) =>
  new AppError({ code: invalid, status: 422, message: 'Some fields are not acceptable.', errors });
