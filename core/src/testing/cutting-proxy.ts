import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

export interface CuttingProxy {
  /** Of the same database, through here. */
  url: string;
  /**
   * The next connection that says `words`, after it has said `after` if that is given, is cut: before they reach the
   * database, or when it has done what they say and before its answer comes back. Resolves when it is.
   */
  cut(where: { words: string; after?: string; when: 'before' | 'answered' }): Promise<void>;
}

/** Stands in front of PostgreSQL and knows its protocol only so far as that names of statements are seen in it. */
export async function startCuttingProxy(databaseUrl: string, undo: AsyncDisposableStack): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  let cut: { words: string; after?: string; when: 'before' | 'answered'; done: () => void } | null = null;

  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let isNear = false;
    let isLastAnswer: (() => void) | null = null;
    client.on('error', () => client.destroy());
    database.on('error', () => database.destroy());
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
    const end = (done: () => void) => {
      client.destroy();
      database.destroy();
      done();
    };
    client.on('data', (said) => {
      if (cut !== null && (cut.after === undefined || said.includes(cut.after))) isNear = true;
      if (cut !== null && isNear && said.includes(cut.words)) {
        const { when, done } = cut;
        cut = null;
        if (when === 'before') return end(done);
        isLastAnswer = done;
      }
      return database.write(said);
    });
    database.on('data', (answered) => {
      if (isLastAnswer === null) client.write(answered);
      else end(isLastAnswer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(() => void server.close());

  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: (where) => new Promise((done) => (cut = { ...where, done })),
  };
}
