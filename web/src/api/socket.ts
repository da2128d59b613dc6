import { createSocket, emitWithAck, type ParleySocket } from '@parley/sdk/client';
import type { ClientEventInput, ClientEventName, ClientEventResults } from '@parley/sdk/contract';
import { Connection } from './connection.svelte.ts';
import { session } from './session.svelte.ts';

export const connection = new Connection();

/** The one socket of this page; it connects when somebody signs in. */
export const socket: ParleySocket = createSocket(location.origin, {
  autoConnect: false,
  reconnectionDelay: 400,
  reconnectionDelayMax: 4_000,
});

socket.on('connect', () => connection.up());
socket.on('disconnect', (reason) => {
  connection.down();
  // The server closed it, and socket.io leaves it closed then; an ended session says so by its own event first.
  if (reason === 'io server disconnect' && session.state === 'signed-in') reconnectSoon();
});
socket.on('connect_error', (error) => {
  connection.down();
  // A refused handshake is final for socket.io. Either the session ended, which the next REST call tells, or the server is busy.
  if (!socket.active && session.state === 'signed-in') reconnectSoon();
  if (isSignedOut(error)) session.expire();
});
socket.on('me:changed', (user) => session.enter(user));
socket.on('session:ended', ({ reason }) => (reason === 'signed-out' ? session.leave() : session.expire()));

session.onChange((state) => {
  if (state === 'signed-in') {
    socket.connect();
  } else {
    socket.disconnect();
    connection.rest();
  }
});
addEventListener('offline', () => connection.deviceOffline());
addEventListener('online', retryNow);

/** Sends an event and waits for its ack; throws an `ApiError`. */
export function ask<K extends ClientEventName>(
  event: K,
  input: ClientEventInput<K>,
  timeoutMs?: number,
): Promise<ClientEventResults[K]> {
  return emitWithAck(socket, event, input, timeoutMs);
}

/** Skips the wait before the next attempt. */
export function retryNow(): void {
  if (session.state !== 'signed-in' || socket.connected) return;
  connection.retrying();
  socket.disconnect().connect();
}

function reconnectSoon(): void {
  setTimeout(() => {
    if (session.state === 'signed-in' && !socket.connected) socket.connect();
  }, 2_000);
}

/** The handshake is refused with the problem in `data`, as every other answer. */
function isSignedOut(error: Error): boolean {
  const data = 'data' in error ? error.data : undefined;
  return typeof data === 'object' && data !== null && 'status' in data && data.status === 401;
}
