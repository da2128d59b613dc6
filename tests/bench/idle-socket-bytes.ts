import type { Bench } from './measure.ts';

/** What one more socket that does nothing costs, after a first batch has warmed everything up. */
export async function idleSocketBytes(
  { load, floorSocket, parley }: Bench,
  side: 'floor' | 'parley',
  count: number,
  cookies: readonly string[],
): Promise<number> {
  const relay = side === 'floor' ? floorSocket : parley;
  const target =
    side === 'floor' ? { floorPort: floorSocket.hello.port } : { url: parley.hello.url, cookies: [...cookies] };
  const hold = (sockets: number) => load.ask({ kind: 'idle', count: sockets, ...target });
  const held = () => relay.ask<number>({ kind: 'held-memory' });
  await hold(100);
  const before = await held();
  await hold(100 + count);
  const after = await held();
  await hold(0);
  return (after - before) / count;
}
