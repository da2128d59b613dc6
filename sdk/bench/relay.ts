/** The floor: a bare Node relay. `node relay.ts <upstream port>`. Prints its port. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const upstream = Number(process.argv[2]);
const server = createServer((incoming, response) => {
  incoming.resume();
  request({ host: '127.0.0.1', port: upstream, path: '/', agent: false }, (answer) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.pipe(response);
  }).end();
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
