import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { keepCompiled } from '../../../core/src/lib/keep-compiled.ts';

/** A whole Parley in a process of its own, to be killed. It has everything loaded when it is told what to stand on. */
export interface ChildOrder {
  databaseUrl: string;
  dataDir: string;
  /** The same after every start, so that open tabs find it again. */
  port: number;
  /** Absent: it is alone. */
  redisUrl?: string;
  /** Absent: every plugin of the house. */
  pluginsFolder?: string;
}

const told = once(process, 'message');
keepCompiled();
const { createTestApp } = await import('@parley/core/testing');
// Node does this when a process ends, which this one is not given time for.
flushCompileCache();

const [order] = (await told) as [ChildOrder];
const parley = await createTestApp({
  databaseUrl: order.databaseUrl,
  pluginsFolder: order.pluginsFolder,
  config: {
    dataDir: order.dataDir,
    redisUrl: order.redisUrl ?? null,
    logLevel: 'error',
    server: { port: order.port },
  },
});
process.send?.({ url: parley.url });
