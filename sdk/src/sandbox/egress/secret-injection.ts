import { invalidRequest, refusedAddress } from './egress-errors.ts';
import { secretMayTravel } from './grant-rules.ts';
import { type HeldSecret, mentionsPlaceholder, replacePlaceholders } from './held-secrets.ts';
import type { Target } from './url-rules.ts';

export interface OutgoingRequest {
  headers: [string, string][];
  /** Path and query as they go onto the wire. */
  path: string;
  /** The secrets that were put in; what comes back is masked against them. */
  used: HeldSecret[];
}

const headerValue = /^[\t\x20-\x7e]+$/;

/**
 * Puts secrets where their placeholders stand. `isFirstHop` false means a redirect led here: a header that may not travel this far is
 * left out, as the plugin did not choose this address; on a first hop it is a fault of the plugin and refused.
 */
export function injectSecrets(
  target: Target,
  headers: readonly [string, string][],
  secrets: readonly HeldSecret[],
  isFirstHop: boolean,
): OutgoingRequest {
  if (mentionsPlaceholder(target.path)) throw refusedAddress();
  const used = new Set<HeldSecret>();
  const find = (placeholder: string, place: HeldSecret['in']): HeldSecret | undefined => {
    const secret = secrets.find(
      (held) => held.placeholder === placeholder && held.in === place && secretMayTravel(held.grant, target),
    );
    if (secret) used.add(secret);
    return secret;
  };

  const outgoing: [string, string][] = [];
  for (const [name, value] of headers) {
    if (!mentionsPlaceholder(value)) {
      outgoing.push([name, value]);
      continue;
    }
    const replaced = replacePlaceholders(value, (placeholder) => find(placeholder, 'header')?.value);
    if (replaced === undefined) {
      if (isFirstHop) throw refusedAddress();
      continue;
    }
    if (!headerValue.test(replaced)) {
      throw invalidRequest('A secret contains characters that a header can not carry');
    }
    outgoing.push([name, replaced]);
  }

  const query = replacePlaceholders(target.query, (placeholder) => {
    const secret = find(placeholder, 'query');
    return secret && encodeURIComponent(secret.value);
  });
  if (query === undefined) throw refusedAddress();
  return { headers: outgoing, path: target.path + query, used: [...used] };
}
