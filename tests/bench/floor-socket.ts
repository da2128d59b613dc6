import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { heldBytes } from './held-memory.ts';

/** The floor for sockets: reads the upstream's stream and emits each piece of text to the socket that asked. Nothing else. */
const upstreamPort = Number(process.argv[2]);
const content = /"content":"((?:[^"\\]|\\.)*)"/g;

const server = createServer();
const io = new Server(server, { serveClient: false, perMessageDeflate: false, transports: ['websocket'] });
io.on('connection', (socket) => {
  socket.on('start', (model: string) => {
    const request = send({ host: '127.0.0.1', port: upstreamPort, path: '/v1/chat/completions', method: 'POST' });
    request.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        for (const match of text.matchAll(content)) socket.emit('delta', match[1]);
      });
      response.on('end', () => socket.emit('end'));
    });
    request.end(JSON.stringify({ model, stream: true, messages: [] }));
  });
});
process.on('message', () => process.send?.(heldBytes()));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
