import type { ExtendedError, Socket } from 'socket.io';
import { sessionCookie, type Authenticator } from '../http/authenticator.ts';
import type { Caller } from '../http/caller.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { InvalidKey, ScopeMissing, SignInRequired } from '../http/http-errors.ts';
import { bearerToken } from '../http/identify.ts';
import type { Limiter } from '../http/middleware/rate-limit.ts';
import { toProblem } from '../http/problem.ts';
import { uuidV7 } from '../lib/uuid-v7.ts';
import { withinScope } from '../observability/log-scope.ts';
import type { Logger } from '../observability/logger.ts';
import type { SocketMetrics } from '../observability/metrics.ts';
import { SocketMember } from './socket-member.ts';

export interface HandshakeOptions {
  authenticator: Authenticator;
  limiter: Limiter;
  log: Logger;
  metrics: SocketMetrics;
  readClient(socket: Socket): ClientAddress;
}

/** Socket.io middleware: proves who connects; a refusal reaches the client as `connect_error` with the problem in `data`. */
export function handshake(options: HandshakeOptions) {
  return (socket: Socket, next: (error?: ExtendedError) => void): void => {
    const requestId = uuidV7();
    withinScope({ requestId }, () => identifySocket(socket, options)).then(
      (caller) => {
        socket.data = new SocketMember(socket, caller);
        options.metrics.handshake('ok');
        next();
      },
      (error: unknown) => {
        const { problem, unexpected } = toProblem(error, requestId);
        options.metrics.handshake(unexpected ? 'failed' : 'refused');
        if (unexpected) options.log.error({ err: error, requestId }, 'A socket handshake failed');
        next(Object.assign(new Error(problem.code), { data: problem }));
      },
    );
  };
}

async function identifySocket(socket: Socket, options: HandshakeOptions): Promise<Caller> {
  const { authenticator, limiter } = options;
  const { address } = options.readClient(socket);
  const key = apiKeyOf(socket);
  const token = key === null ? cookieValue(socket.handshake.headers.cookie, sessionCookie) : null;
  const caller = await (key === null
    ? token === null
      ? null
      : authenticator.session(token, address)
    : authenticator.apiKey(key));
  if (caller === null) {
    await limiter.consume('auth.failed', `ip:${address}`);
    throw key === null ? SignInRequired() : InvalidKey();
  }
  // A socket hears everything its user hears.
  if (caller.apiKeyId !== undefined && caller.scopes?.includes('read') !== true) throw ScopeMissing({ scope: 'read' });
  await limiter.consume('socket.connect', `user:${caller.userId}`);
  return caller;
}

function apiKeyOf(socket: Socket): string | null {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (typeof token === 'string') return token.slice(0, 200);
  const { authorization } = socket.handshake.headers;
  return authorization === undefined ? null : bearerToken(authorization);
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value = ''] = part.split('=', 2);
    if (key?.trim() === name && value !== '') return value.trim();
  }
  return null;
}
