import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { isAt, type Point } from './points.ts';
import { type Statement, StatementReader } from './statements.ts';

export interface HaltingProxy {
  /** Of the same database, through here. */
  url: string;
  /**
   * When the point is passed for the `nth` time nothing is carried any more, in no direction and for nobody: whoever
   * stands behind can be killed exactly there. Resolves then.
   */
  haltAt(point: Point, nth: number): Promise<void>;
  /** Cuts every connection there is and carries the next ones; no point is waited for any more. */
  reset(): void;
}

interface Watch {
  point: Point;
  left: number;
  reached(): void;
}

/** Stands in front of PostgreSQL and follows what is said to it. */
export async function startHaltingProxy(databaseUrl: string, undo: AsyncDisposableStack): Promise<HaltingProxy> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let watch: Watch | null = null;
  let isHalted = false;

  function halt(): void {
    isHalted = true;
    watch?.reached();
    watch = null;
  }
  function isNow(statement: Statement, before: readonly Statement[]): Point['when'] | null {
    if (watch === null || !isAt(watch.point, statement, before)) return null;
    watch.left -= 1;
    return watch.left > 0 ? null : watch.point.when;
  }

  const server = createServer((client) => {
    if (isHalted) return client.destroy();
    const database = connect(Number(target.port), target.hostname);
    const reader = new StatementReader();
    let transaction: Statement[] | null = null;
    let isDoneWithItsAnswer = false;
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    client.on('data', (said) => {
      if (isHalted) return;
      for (const statement of reader.read(said)) {
        if (statement.words.startsWith('begin')) transaction = [];
        const when = isNow(statement, transaction ?? []);
        if (when === 'before') return halt();
        if (when === 'after') isDoneWithItsAnswer = true;
        transaction?.push(statement);
        if (statement.words === 'commit' || statement.words === 'rollback') transaction = null;
      }
      database.write(said);
    });
    database.on('data', (answered) => {
      if (isHalted) return;
      if (isDoneWithItsAnswer) halt();
      else client.write(answered);
    });
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(() => void server.close());

  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    haltAt: (point, nth) => new Promise((reached) => (watch = { point, left: nth, reached })),
    reset() {
      for (const socket of open) socket.destroy();
      watch = null;
      isHalted = false;
    },
  };
}
