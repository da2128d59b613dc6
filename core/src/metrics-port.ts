import type { Config } from './config/config.ts';
import { closeServer, listen } from './http/listen.ts';
import { metricsServer } from './http/metrics-route.ts';
import { urlHost } from './lib/url-host.ts';
import type { Logger } from './observability/logger.ts';
import type { MetricsPage } from './observability/metrics.ts';

/** Opens the port of the metrics, if they have one, and returns the address of their page. */
export async function openMetricsPort(
  { config, log, metrics }: { config: Config; log: Logger; metrics: MetricsPage },
  undo: AsyncDisposableStack,
): Promise<string | null> {
  const { token, port } = config.metrics;
  if (port === null) return null;
  const server = metricsServer(metrics, token, (error) => log.error({ err: error }, 'The metrics could not be read'));
  undo.defer(() => closeServer(server, 0));
  const opened = await listen(server, config.server.host, port);
  return `http://${urlHost(config.server.host)}:${opened}/metrics`;
}
