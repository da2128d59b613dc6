import type { Server as HttpServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { clientEvents, ServerToClientEvents } from '@parley/sdk/contract';
import { Server, type Socket } from 'socket.io';
import type { Authenticator } from '../http/authenticator.ts';
import { clientAddressReader } from '../http/client-address.ts';
import type { Limiter } from '../http/middleware/rate-limit.ts';
import { originAllowed } from '../http/origin-rule.ts';
import { waitAtMost } from '../lib/wait-at-most.ts';
import type { Logger } from '../observability/logger.ts';
import type { SocketMetrics } from '../observability/metrics.ts';
import type { Tracer } from '../observability/tracing/tracer.ts';
import type { RedisPort } from '../ports/redis/redis.ts';
import type { Broadcaster } from './broadcaster.ts';
import { createDispatcher } from './dispatch.ts';
import { handshake } from './handshake.ts';
import { refuseNewcomers } from './newcomers.ts';
import { openRelay, type Relay, type RelayMessage } from './relay.ts';
import { sendToRoom } from './send-to-room.ts';
import { memberOf } from './socket-member.ts';
import type { SocketRoute } from './socket-route.ts';

export interface RealtimeOptions {
  log: Logger;
  publicUrl: string | null;
  trustedProxies: readonly string[];
  /** Null: this process is the only one. */
  redis: RedisPort | null;
  metrics: SocketMetrics;
  tracer: Tracer;
}

export interface RealtimeServer {
  /** There before the first socket is, so that modules can be built with it. */
  broadcaster: Broadcaster;
  listen(
    server: HttpServer,
    deps: {
      contract: Partial<typeof clientEvents>;
      routes: readonly SocketRoute[];
      authenticator: Authenticator;
      limiter: Limiter;
    },
  ): void;
  /** Ends the sockets whose session or key has ended meanwhile. */
  dropEnded(authenticator: Authenticator): Promise<void>;
  socketCount(): number;
  /** Whose sockets are connected here, one by one. */
  socketUsers(): Iterable<string>;
  /**
   * Accepts no new socket, and tells those that are here to connect again soon, each at a moment of its own. Resolves when
   * they had the time, and balancers too, to turn to another instance.
   */
  moveAway(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** A message of 200,000 characters may take 800 kB in UTF-8. */
const MAX_FRAME_BYTES = 1_000_000;
/** A connection that does not introduce itself in time is closed. */
const CONNECT_WITHIN_MS = 10_000;

/** Until then balancers, which look every second or two, have seen that this instance is about to stop. */
const MOVE_AFTER_MS = 2_000;
/** A handshake costs the instance they move to a look into the database. */
const MOVES_PER_SECOND = 200;
/** A Redis that is frozen keeps nobody from signing out. */
const RELAYED_WITHIN_MS = 1_000;

export async function createRealtimeServer(options: RealtimeOptions): Promise<RealtimeServer> {
  const readAddress = clientAddressReader(options.trustedProxies);
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: MAX_FRAME_BYTES,
    connectTimeout: CONNECT_WITHIN_MS,
    // Both cost far more than they give: deflate multiplies memory and CPU, and clients resume by sequence number.
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request, decide) => {
      const allowed = originAllowed(request.headers, readAddress(request), options.publicUrl);
      decide(allowed ? null : 'origin.refused', allowed);
    },
  });
  let listening = false;
  let isLeaving = false;
  const members = io.sockets;
  const relay =
    options.redis === null ? null : await openRelay({ redis: options.redis, log: options.log, onMessage: apply });

  function apply(message: RelayMessage): void {
    if (message.type === 'emit') emitLocal(message.room, message.event, message.payload);
    else disconnectLocal(message.userId, message.sessionIds, message.reason);
  }
  function emitLocal(room: string, event: string, payload: unknown): void {
    sendToRoom(members, room, event, payload);
  }
  function disconnectLocal(userId: string, sessionIds: readonly string[] | null, reason: string): void {
    for (const id of members.adapter.rooms.get(`user:${userId}`) ?? []) {
      const socket = members.sockets.get(id);
      const sessionId = socket === undefined ? undefined : memberOf(socket)?.caller.sessionId;
      if (socket === undefined || (sessionIds !== null && !sessionIds.includes(sessionId ?? ''))) continue;
      socket.emit('session:ended', { reason });
      socket.disconnect(true);
    }
  }

  return {
    broadcaster: createBroadcaster({ emitLocal, disconnectLocal, relay }),
    listen(server, deps) {
      const onEvent = createDispatcher({ ...options, ...deps });
      io.use(
        handshake({
          ...options,
          ...deps,
          readClient: (socket) => readAddress(socket.request),
        }),
      );
      io.on('connection', (socket) => welcome(socket, onEvent));
      io.attach(server);
      io.engine.use(refuseNewcomers(() => isLeaving));
      listening = true;
    },
    async dropEnded(authenticator) {
      const callers = [...members.sockets.values()].flatMap((socket) => memberOf(socket)?.caller ?? []);
      const ended = new Set(await authenticator.ended(callers));
      for (const socket of members.sockets.values()) {
        const caller = memberOf(socket)?.caller;
        if (caller === undefined || !ended.has(caller)) continue;
        socket.emit('session:ended', { reason: 'revoked' });
        socket.disconnect(true);
      }
    },
    socketCount: () => members.sockets.size,
    socketUsers: () => [...members.sockets.values()].flatMap((socket) => memberOf(socket)?.caller.userId ?? []),
    async moveAway(withinMs) {
      isLeaving = true;
      const afterMs = Math.min(MOVE_AFTER_MS, withinMs / 2);
      const spreadMs = Math.min((1_000 * members.sockets.size) / MOVES_PER_SECOND, withinMs / 2);
      for (const socket of members.sockets.values()) {
        socket.emit('server:moving', { inMs: Math.round(afterMs + Math.random() * spreadMs) });
      }
      await pause(afterMs + spreadMs);
    },
    async stop() {
      relay?.stop();
      // Socket.io cannot close what was never attached.
      if (listening) await io.close();
    },
  };
}

function welcome(socket: Socket, onEvent: ReturnType<typeof createDispatcher>): void {
  const member = memberOf(socket);
  if (member === undefined) return;
  member.join(`user:${member.caller.userId}`);
  member.join('everyone');
  socket.onAny(onEvent);
}

interface Ways {
  emitLocal(room: string, event: string, payload: unknown): void;
  disconnectLocal(userId: string, sessionIds: readonly string[] | null, reason: string): void;
  relay: Relay | null;
}

function createBroadcaster({ emitLocal, disconnectLocal, relay }: Ways): Broadcaster {
  return {
    emit(room, event: keyof ServerToClientEvents, payload: unknown) {
      emitLocal(room, event, payload);
      void relay?.publish({ type: 'emit', room, event, payload });
    },
    emitLocal,
    async disconnect(userId, sessionIds, reason = 'revoked') {
      const ids = sessionIds ?? null;
      disconnectLocal(userId, ids, reason);
      if (relay === null) return;
      await waitAtMost(relay.publish({ type: 'disconnect', userId, sessionIds: ids, reason }), RELAYED_WITHIN_MS);
    },
  };
}
