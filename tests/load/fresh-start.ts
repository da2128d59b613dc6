import { once } from 'node:events';
import { createTestApp } from '@parley/core/testing';

/** Another instance on the database of the first, just started: for what its first answers take. */
const [databaseUrl] = process.argv.slice(2) as [string];
const gone = once(process, 'disconnect');
const parley = await createTestApp({ databaseUrl, config: { logLevel: 'error' }, checkResponses: false });
process.send?.({ url: parley.url });
await gone;
await parley.stop();
process.exit();
