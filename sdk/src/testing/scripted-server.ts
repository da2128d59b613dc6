import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ScriptedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string;
  raw: IncomingMessage;
}
export interface ScriptedServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, in order. */
  readonly requests: ScriptedRequest[];
  /** Requests whose connection was closed from the other side before the answer was complete. */
  readonly aborted: ScriptedRequest[];
  close(): Promise<void>;
}

/** The outside world of a test: an HTTP server on loopback that answers as the test says. A handler that throws answers 500 with its message. */
export async function startScriptedServer(
  handler: (request: ScriptedRequest, response: ServerResponse) => void | Promise<void>,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const aborted: ScriptedRequest[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((raw, response) => {
    void answer(raw, response).catch((fault: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(fault instanceof Error ? fault.message : 'failed');
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function answer(raw: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of raw) chunks.push(chunk as Buffer);
    const request: ScriptedRequest = {
      method: raw.method ?? '',
      path: raw.url ?? '',
      headers: Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks).toString(),
      raw,
    };
    requests.push(request);
    response.on('close', () => {
      if (!response.writableFinished) aborted.push(request);
    });
    await handler(request, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    aborted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
