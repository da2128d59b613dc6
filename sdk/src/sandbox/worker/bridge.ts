import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * What the one host function answers: pure computations that the language lacks. Text in, text out; `+` means done, `-` refused. It
 * never throws, because what it threw would carry this process's paths into the isolate.
 */
export type HostFunction = (operation: unknown, payload: unknown) => string;

/** Longest payload of one computation: hashing a megabyte takes a few milliseconds of everybody's thread. */
const maxPayloadChars = 4_000_000;
const maxRandomBytes = 65_536;
const hashNames: Record<string, string> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const settableUrlParts = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;

export function createHostFunction(): HostFunction {
  return (operation, payload) => {
    if (typeof operation !== 'string' || typeof payload !== 'string') return '-invalid';
    if (payload.length > maxPayloadChars) return '-budget';
    try {
      const answer = compute(operation, payload);
      return answer === undefined ? '-invalid' : `+${answer}`;
    } catch {
      // Only built-in parsers run in there; all they can say is that the input was wrong.
      return '-invalid';
    }
  };
}

function compute(operation: string, payload: string): string | undefined {
  switch (operation) {
    case 'url':
      return parseUrl(stringsOf(payload));
    case 'digest': {
      const [hash, data] = stringsOf(payload);
      const name = hashNames[hash ?? ''];
      return name === undefined
        ? undefined
        : createHash(name)
            .update(data ?? '', 'latin1')
            .digest()
            .toString('latin1');
    }
    case 'hmac': {
      const [hash, key, data] = stringsOf(payload);
      const name = hashNames[hash ?? ''];
      return name === undefined
        ? undefined
        : createHmac(name, Buffer.from(key ?? '', 'latin1'))
            .update(data ?? '', 'latin1')
            .digest()
            .toString('latin1');
    }
    case 'random': {
      const count = Number(payload);
      return Number.isInteger(count) && count >= 0 && count <= maxRandomBytes
        ? randomBytes(count).toString('latin1')
        : undefined;
    }
    default:
      return undefined;
  }
}

function stringsOf(payload: string): (string | undefined)[] {
  const list = JSON.parse(payload) as unknown;
  return Array.isArray(list) ? list.map((item: unknown) => (typeof item === 'string' ? item : undefined)) : [];
}

function parseUrl([href, base, part, value]: (string | undefined)[]): string | undefined {
  if (href === undefined) return undefined;
  const url = new URL(href, base);
  if (part !== undefined && value !== undefined) {
    const settable = settableUrlParts.find((name) => name === part);
    if (settable === undefined) return undefined;
    url[settable] = value;
  }
  const parts: Record<string, string> = { origin: url.origin };
  for (const name of settableUrlParts) parts[name] = url[name];
  return JSON.stringify(parts);
}
