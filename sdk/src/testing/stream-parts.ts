import type { ProviderPart } from '../plugin/chat.ts';
import type { HookCall, SandboxFailure, SandboxHost } from '../sandbox/index.ts';

/** A provider's stream as an async iterable. */
export async function* streamParts(host: SandboxHost, call: HookCall): AsyncGenerator<ProviderPart> {
  const arrived: ProviderPart[] = [];
  let end: { failure?: SandboxFailure } | undefined;
  let wake: () => void = () => {};
  const handle = host.stream(call, {
    onParts: (parts) => {
      arrived.push(...(parts as ProviderPart[]));
      wake();
    },
    onEnd: (failure) => {
      end = failure === undefined ? {} : { failure };
      wake();
    },
  });
  try {
    for (;;) {
      const part = arrived.shift();
      if (part !== undefined) yield part;
      else if (end?.failure !== undefined) throw end.failure;
      else if (end !== undefined) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    handle.abort();
  }
}
