import type { EgressExchange, EgressHandler, EgressRequest, EgressResponse } from './egress-types.ts';
import { Exchange } from './exchange.ts';
import { createPinnedAgents } from './pinned-agent.ts';
import { type Resolver, rememberingResolver, systemResolver } from './resolver.ts';
import { ResponseBody } from './response-body.ts';

export interface EgressOptions {
  /** Replaces the system's name lookup; its answers go through the same checks. */
  resolver?: Resolver;
  /** PEM; trusted instead of the built-in authorities. */
  ca?: string;
}

/** The one way out of this process: every request is checked against its grants, and connects only where it was checked to go. */
export interface Egress {
  /** For streams and anything hot: no promises and no stream objects per chunk. */
  fetchInto(request: EgressRequest, handler: EgressHandler): EgressExchange;
  /** Rejects, and the body throws, with `EgressRefused` or `EgressFailed`. A body that is not read must be cancelled through the signal. */
  fetch(request: EgressRequest): Promise<EgressResponse>;
  /** Closes idle connections; running exchanges fail as `reset`. */
  close(): void;
}

export function createEgress(options: EgressOptions = {}): Egress {
  const agents = createPinnedAgents(options.ca);
  const resolve = rememberingResolver(options.resolver ?? systemResolver);
  const fetchInto: Egress['fetchInto'] = (request, handler) => new Exchange(request, handler, { resolve, agents });
  return {
    fetchInto,
    fetch: (request) =>
      new Promise((resolveHead, rejectHead) => {
        const body = new ResponseBody(() => exchange);
        const exchange = fetchInto(request, {
          onHead: (head) => resolveHead({ ...head, body }),
          onData: (bytes) => body.push(bytes),
          onEnd: () => body.end(),
          onError: (error) => {
            rejectHead(error);
            body.end(error);
          },
        });
      }),
    close: () => agents.close(),
  };
}
