import type { Tracer } from '../../observability/tracing/tracer.ts';
import type { ProviderRouter } from './provider-types.ts';

/** A span for each call of a provider, waiting and retries included. */
export function tracedRouter(router: ProviderRouter, tracer: Tracer): ProviderRouter {
  if (!tracer.isOn) return router;
  return {
    doubted: (model) => router.doubted(model),
    chat: (model, request, subject, sink) =>
      tracer.open(
        'provider',
        { kind: 'client', attributes: { 'parley.model': model.publicId, 'parley.provider': model.providerRef } },
        (span) => {
          let hasContent = false;
          return router.chat(model, request, subject, {
            ...sink,
            onParts(parts) {
              if (!hasContent) span.event('first content');
              hasContent = true;
              sink.onParts(parts);
            },
            onEnd(end) {
              span.set({ 'parley.attempts': end.attempts, 'parley.finish_reason': end.finishReason ?? undefined });
              span.end(end.error?.class);
              sink.onEnd(end);
            },
          });
        },
      ),
  };
}
