import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out to whoever asks for any, so that nobody gets one of these by chance. */
const RANGE = [20_000, 32_000] as const;
/** In this process: several are often chosen before the first is used. */
const given = new Set<number>();

/** A port for something that goes away and comes back: it stays free meanwhile. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(...RANGE);
    if (given.has(port)) continue;
    given.add(port);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
