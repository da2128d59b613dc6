import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The floor: the least a Node process can do to relay a stream. No accounts, no storage, no plugins. */
const upstreamPort = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

const server = createServer((request, response) => {
  const upstream = send(
    { host: '127.0.0.1', port: upstreamPort, path: request.url, method: 'POST', agent, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 65_535, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
