import { once } from 'node:events';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** What one request is answered with: each piece is a read of its own for a client in the same process. */
export interface WireAnswer {
  pieces: Iterable<string | Uint8Array>;
  /** Between the pieces. */
  pause?: () => Promise<unknown>;
  /** Closes the connection behind the last piece. */
  close?: boolean;
}

/** A server for tests of what stands on the wire: it answers the requests of all connections, in order, byte by byte as scripted. */
export interface ScriptedWire {
  readonly port: number;
  readonly connections: number;
  /** Heads of the requests so far. */
  readonly requests: string[];
  /** Body bytes of the newest response that came through Node's own stream. */
  readonly throughNode: number;
  answer(...answers: WireAnswer[]): void;
  close(): Promise<void>;
}

export async function startScriptedWire(): Promise<ScriptedWire> {
  const answers: WireAnswer[] = [];
  const requests: string[] = [];
  const accepted = new Set<Socket>();
  const clients = new Set<Socket>();
  let [connections, throughNode] = [0, 0];

  const onClient = (message: unknown): void => {
    clients.add((message as { socket: Socket }).socket);
  };
  const onResponse = (message: unknown): void => {
    throughNode = 0;
    (message as { response: IncomingMessage }).response.on('data', (bytes: Buffer) => (throughNode += bytes.length));
  };
  subscribe('net.client.socket', onClient);
  subscribe('http.client.response.finish', onResponse);

  async function send(socket: Socket, { pieces, pause, close }: WireAnswer): Promise<void> {
    for (const piece of pieces) {
      socket.write(piece);
      const client = [...clients].find(({ localPort }) => localPort === socket.remotePort);
      const isRead = (): boolean => socket.destroyed || !client || client.bytesRead >= socket.bytesWritten;
      while (!isRead()) await turn();
      await pause?.();
    }
    if (close) socket.destroy();
  }

  const server = net.createServer({ noDelay: true }, (socket) => {
    connections += 1;
    accepted.add(socket);
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('close', () => accepted.delete(socket));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.endsWith('\r\n\r\n')) return;
      requests.push(text);
      text = '';
      const answer = answers.shift();
      if (answer) void send(socket, answer);
      else socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    requests,
    get throughNode() {
      return throughNode;
    },
    answer: (...more) => void answers.push(...more),
    close: async () => {
      unsubscribe('net.client.socket', onClient);
      unsubscribe('http.client.response.finish', onResponse);
      for (const socket of accepted) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
