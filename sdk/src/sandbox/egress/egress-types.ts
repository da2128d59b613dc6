import type { NetworkGrant } from '../sandbox-host.ts';
import type { EgressFailed, EgressRefused } from './egress-errors.ts';
import type { HeldSecret } from './held-secrets.ts';

export interface EgressLimits {
  /** Name lookup, TCP and TLS together. */
  connectMs: number;
  /** From the connection to the response head. */
  firstByteMs: number;
  /** Longest silence inside the body; any byte counts. */
  idleMs: number;
  /** Of the body, compressed and decoded counted separately. */
  responseBytes: number;
  /** Of the body; default 10 MB. */
  requestBytes?: number;
}

export interface EgressRequest {
  url: string;
  /** Upper case. */
  method: string;
  headers: [name: string, value: string][];
  body?: Uint8Array | string;
  /** What this caller may reach. An empty list reaches nothing. */
  grants: NetworkGrant[];
  /** Loopback and private ranges, for the hosts of `grants` only. */
  allowPrivate: boolean;
  /** From `holdSecrets`. A placeholder is replaced towards the secret's own grant only; anywhere else the request is refused. */
  secrets: HeldSecret[];
  limits: EgressLimits;
  signal?: AbortSignal;
  /** Default 5. With 0 a redirect is handed out as it is. Every hop is checked like a first request. */
  maxRedirects?: number;
}

export interface EgressHead {
  status: number;
  statusText: string;
  /** Names in lower case, repeated ones repeated. */
  headers: [name: string, value: string][];
  /** After redirects, secrets masked. */
  url: string;
}

/** `onHead`, any number of `onData`, then exactly one of `onEnd` and `onError`; never synchronously within `fetchInto`. */
export interface EgressHandler {
  onHead(head: EgressHead): void;
  /** Decoded bytes, as they came off the socket. They stay valid and may be kept. */
  onData(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: EgressRefused | EgressFailed): void;
}

export interface EgressExchange {
  /** Stops reading from the socket, so that the sender slows down. Silence does not count while paused. */
  pause(): void;
  resume(): void;
  /** Closes the connection; `onError` follows with kind `aborted` unless the exchange was over. */
  cancel(): void;
}

export interface EgressResponse extends EgressHead {
  /** May be read once. Leaving the loop early closes the connection. */
  body: AsyncIterable<Uint8Array>;
}
