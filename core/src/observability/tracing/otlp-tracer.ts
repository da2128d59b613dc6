import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span as OtelSpan,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Config } from '../../config/config.ts';
import { errorCode } from '../../lib/error-code.ts';
import { waitAtMost } from '../../lib/wait-at-most.ts';
import { version } from '../../version.ts';
import { withinScope } from '../log-scope.ts';
import { readTraceParent } from './trace-parent.ts';
import type { Span, SpanOptions, Tracer } from './tracer.ts';

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const SEND_EVERY_MS = 2_000;
/** A collector that is away must not keep us: what it missed is lost, and nobody waits for it. */
const SEND_WITHIN_MS = 5_000;
const SEND_LAST_WITHIN_MS = 2_000;

/** Sends spans to a collector over OTLP/HTTP. Registers nothing globally, so that several live side by side. */
export function createOtlpTracer(config: NonNullable<Config['tracing']>, onError: (error: unknown) => void): Tracer {
  const { endpoint, headers, serviceName, sampleRatio } = config;
  const otlp = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers, timeoutMillis: SEND_WITHIN_MS });
  const exporter: SpanExporter = {
    export: (spans, done) =>
      otlp.export(spans, (result) => {
        if (result.error !== undefined) onError(result.error);
        done(result);
      }),
    shutdown: () => otlp.shutdown(),
    forceFlush: () => otlp.forceFlush(),
  };
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    // Whoever called us has decided already.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY_MS, exportTimeoutMillis: SEND_WITHIN_MS }),
    ],
  });
  const tracer = provider.getTracer('parley', version);
  const around = new AsyncLocalStorage<OtelSpan>();

  function parentOf({ traceparent }: SpanOptions): Context {
    const remote = readTraceParent(traceparent);
    if (remote !== null) {
      const { traceId, spanId, isSampled } = remote;
      const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
      return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
    }
    const parent = around.getStore();
    return parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
  }

  function open<T>(name: string, options: SpanOptions, work: (span: Span) => T): T {
    const { kind = 'internal', attributes } = options;
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parentOf(options));
    return withinScope({ traceId: span.spanContext().traceId }, () => around.run(span, () => work(spanOf(span))));
  }

  return {
    isOn: true,
    open,
    span: (name, options, work) =>
      open(name, options, async (span) => {
        try {
          const result = await work(span);
          span.end();
          return result;
        } catch (error) {
          span.end(error);
          throw error;
        }
      }),
    stop: () => waitAtMost(provider.shutdown(), SEND_LAST_WITHIN_MS),
  };
}

function spanOf(span: OtelSpan): Span {
  return {
    set(attributes) {
      for (const [name, value] of Object.entries(attributes)) if (value !== undefined) span.setAttribute(name, value);
    },
    rename: (name) => void span.updateName(name),
    event: (name) => void span.addEvent(name),
    end(failure) {
      if (failure !== undefined && failure !== null) {
        // Messages of errors may quote texts and credentials; codes and names are ours.
        const code = typeof failure === 'string' ? failure : (errorCode(failure) ?? nameOf(failure));
        span.setStatus({ code: SpanStatusCode.ERROR, message: code }).setAttribute('error.type', code);
      }
      span.end();
    },
  };
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : 'error';
}
