import type { Config } from '../../config/config.ts';
import type { Logger } from '../logger.ts';
import { noTracer, type Tracer } from './tracer.ts';

/** The library is loaded only where it has somewhere to send to. */
export async function openTracer(config: Config['tracing'], log: Logger): Promise<Tracer> {
  if (config === null) return noTracer;
  const { createOtlpTracer } = await import('./otlp-tracer.ts');
  return createOtlpTracer(config, (error) => log.warn({ err: error }, 'Traces could not be sent'));
}
