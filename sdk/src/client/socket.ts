import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type {
  Ack,
  ClientEventInput,
  ClientEventName,
  ClientEventResults,
  ClientToServerEvents,
  ServerToClientEvents,
} from '../contract/index.ts';
import { ApiError } from './http.ts';

export type ParleySocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/**
 * Opens the one socket of this client. WebSocket first; long polling when a proxy blocks it. Moves to another instance
 * when its own is about to stop.
 */
export function createSocket(url: string, options: Partial<ManagerOptions & SocketOptions> = {}): ParleySocket {
  const socket: ParleySocket = io(url, { transports: ['websocket', 'polling'], withCredentials: true, ...options });
  socket.on('server:moving', ({ inMs }) => {
    const { id } = socket;
    setTimeout(() => {
      // Unless it was closed, or has come back to somebody else, meanwhile.
      if (socket.connected && socket.id === id) socket.disconnect().connect();
    }, inMs);
  });
  return socket;
}

/** Sends an event and waits for its ack; a refusal, or silence beyond `timeoutMs`, throws an `ApiError`. */
export async function emitWithAck<K extends ClientEventName>(
  socket: ParleySocket,
  event: K,
  input: ClientEventInput<K>,
  timeoutMs = 10_000,
): Promise<ClientEventResults[K]> {
  const answer = await ask(socket, event, input, timeoutMs);
  if (answer.ok) return answer.data;
  throw new ApiError(answer.error);
}

/** Typing an emit by a generic event name is beyond socket.io's types; this is the one place that bridges them. */
interface UntypedEmitter {
  emitWithAck(event: string, input: unknown): Promise<unknown>;
}

async function ask<K extends ClientEventName>(
  socket: ParleySocket,
  event: K,
  input: ClientEventInput<K>,
  timeoutMs: number,
): Promise<Ack<ClientEventResults[K]>> {
  try {
    const emitter = socket.timeout(timeoutMs) as UntypedEmitter;
    return (await emitter.emitWithAck(event, input)) as Ack<ClientEventResults[K]>;
  } catch (cause) {
    throw new ApiError({
      type: 'about:blank',
      title: 'No answer',
      status: 0,
      code: 'network',
      detail: cause instanceof Error ? cause.message : 'The server did not answer.',
    });
  }
}
