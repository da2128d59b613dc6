import { once } from 'node:events';
import { createTestApp } from '@parley/core/testing';

/** A whole Parley in a process of its own, to be killed. It has everything loaded when it is told what to stand on. */
export interface ChildOrder {
  databaseUrl: string;
  dataDir: string;
  /** The same after every start, so that open tabs find it again. */
  port: number;
}

const [order] = (await once(process, 'message')) as [ChildOrder];
const parley = await createTestApp({
  databaseUrl: order.databaseUrl,
  config: { dataDir: order.dataDir, logLevel: 'error', server: { port: order.port } },
});
process.send?.({ url: parley.url });
