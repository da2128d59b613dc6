import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port nobody listened on a moment ago. The caller must cope with losing the race for it. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server reported no port');
  return address.port;
}
