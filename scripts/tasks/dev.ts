import { once } from 'node:events';
import { join } from 'node:path';
import { createLogger, createServer, type Logger, type ProxyOptions } from 'vite';
import { freePort } from '../../core/src/lib/free-port.ts';
import { settingsFile } from '../lib/core-process.ts';
import { restartingProcess } from '../lib/restarting-process.ts';
import { root } from '../lib/root.ts';
import { bringUpToDate } from '../lib/stage.ts';
import { pluginStages } from '../lib/stages.ts';
import { watchSources } from '../lib/watch-sources.ts';

/** What the core answers; everything else is the web app, served from its sources. */
const CORE_PATHS = ['/api', '/v1', '/socket.io', '/healthz', '/readyz', '/metrics', '/docs', '/openapi.json'];
const SOURCES = ['core/src', 'sdk/src', 'plugins'];

/**
 * Vite listens on PORT and passes the core's paths on. The core sits on a free port, is told the common address as its
 * public one, and restarts when a source of it, of the SDK or of a plugin changes.
 */
export async function run(): Promise<number> {
  const settings = settingsFile();
  if (settings !== undefined) process.loadEnvFile(settings);
  const host = process.env.HOST || '127.0.0.1';
  const port = Number(process.env.PORT || 3000);
  const corePort = await freePort();
  const core = restartingProcess(process.execPath, [join(root, 'core/src/main.ts')], {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(corePort),
    PARLEY_PUBLIC_URL: process.env.PARLEY_PUBLIC_URL || `http://${host}:${port}`,
    PARLEY_TRUSTED_PROXIES: process.env.PARLEY_TRUSTED_PROXIES || '127.0.0.1',
  });
  const vite = await createServer({
    root: join(root, 'web'),
    customLogger: quietLogger(),
    server: { host, port, strictPort: true, proxy: proxyTo(`http://127.0.0.1:${corePort}`) },
  });
  try {
    await vite.listen();
    await buildPlugins();
    await core.restart();
    vite.printUrls();
    const stopWatching = watchSources(
      SOURCES.map((folder) => join(root, folder)),
      () => void rebuild(core.restart),
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')]);
    stopWatching();
    return 0;
  } finally {
    await Promise.all([core.stop(), vite.close()]);
  }
}

async function rebuild(restart: () => Promise<void>): Promise<void> {
  try {
    await buildPlugins();
    await restart();
  } catch (error) {
    // A plugin that does not compile: say so and keep the running core until the next change.
    process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function buildPlugins(): Promise<void> {
  for (const stage of await pluginStages()) await bringUpToDate(stage);
}

function proxyTo(target: string): Record<string, ProxyOptions> {
  // The page's own address must stay in Host: the core compares it with Origin.
  return Object.fromEntries(CORE_PATHS.map((path) => [path, { target, ws: path === '/socket.io', xfwd: true }]));
}

/** While the core restarts, open pages ask in vain for a moment; that is no news. */
function quietLogger(): Logger {
  const logger = createLogger();
  const error = logger.error.bind(logger);
  logger.error = (message, options) => {
    if (options?.error && 'code' in options.error && options.error.code === 'ECONNREFUSED') return;
    error(message, options);
  };
  return logger;
}
