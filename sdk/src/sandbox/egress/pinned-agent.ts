import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';

import { refusedAddress } from './egress-errors.ts';
import { mayConnect } from './address-rules.ts';
import type { ResolvedAddress, Resolver } from './resolver.ts';
import { withSharedReads } from './shared-reads.ts';
import type { Target } from './url-rules.ts';

/** Where a connection may go: decided once, before it is made. A name is not looked up again by anybody below. */
export interface Pin {
  addresses: ResolvedAddress[];
  /** Part of the pool's key, so that a kept-alive socket serves only requests pinned to the same addresses. */
  key: string;
}

/** Every answer must be allowed; one private address among public ones is an attack or a mistake, and refused as a whole. */
export async function pin(target: Target, allowPrivate: boolean, resolve: Resolver): Promise<Pin> {
  const addresses: ResolvedAddress[] =
    target.ipVersion === 0
      ? await resolve(target.host)
      : [{ address: target.host, family: target.ipVersion === 6 ? 6 : 4 }];
  if (addresses.length === 0 || !addresses.every(({ address }) => mayConnect(address, allowPrivate))) {
    throw refusedAddress();
  }
  const sorted = addresses.map(({ address }) => address).toSorted();
  return { addresses, key: `${target.host} ${sorted.join(' ')}` };
}

export function pinnedLookup({ addresses }: Pin): LookupFunction {
  return (_host, options, callback) => {
    const wanted = addresses.filter(({ family }) => !options.family || options.family === family);
    if (options.all) callback(null, wanted);
    else callback(null, wanted[0]?.address ?? '', wanted[0]?.family ?? 4);
  };
}

export interface PinnedRequestOptions extends https.RequestOptions {
  pinKey: string;
  /** Handed through to `net.connect`: tries the pinned addresses side by side. */
  autoSelectFamily: boolean;
}

/** Free sockets close after this; servers commonly keep them for 5 s and more. */
const freeSocketMs = 4_000;
const agentOptions = { keepAlive: true, timeout: freeSocketMs, maxFreeSockets: 256 };

class PinnedHttpAgent extends http.Agent {
  override createConnection(
    ...[options, listener]: Parameters<http.Agent['createConnection']>
  ): Duplex | null | undefined {
    return withSharedReads(options, (shared) => super.createConnection(shared, listener));
  }
  override getName(options?: Partial<PinnedRequestOptions>): string {
    return `${super.getName(options)} ${options?.pinKey}`;
  }
}
class PinnedHttpsAgent extends https.Agent {
  override createConnection(
    ...[options, listener]: Parameters<https.Agent['createConnection']>
  ): Duplex | null | undefined {
    return withSharedReads(options, (shared) => super.createConnection(shared, listener));
  }
  override getName(options?: Partial<PinnedRequestOptions>): string {
    return `${super.getName(options)} ${options?.pinKey}`;
  }
}

export interface PinnedAgents {
  http: http.Agent;
  https: https.Agent;
  close(): void;
}

export function createPinnedAgents(extraCa?: string): PinnedAgents {
  const plain = new PinnedHttpAgent(agentOptions);
  const secure = new PinnedHttpsAgent({ ...agentOptions, ...(extraCa === undefined ? {} : { ca: extraCa }) });
  return {
    http: plain,
    https: secure,
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}
