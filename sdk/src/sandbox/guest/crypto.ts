import { DOMException } from './dom-exception.ts';
import { compute } from './host-function.ts';
import { bytesToLatin1, isBytes, latin1ToBytes, viewBytes } from './latin1.ts';

const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

function hashName(algorithm: unknown): string {
  const name = String(
    typeof algorithm === 'object' && algorithm !== null ? (algorithm as { name?: unknown }).name : algorithm,
  ).toUpperCase();
  if (!hashes.includes(name)) throw new DOMException('the hash is not supported', 'NotSupportedError');
  return name;
}
function requireHmac(algorithm: unknown): void {
  const name = typeof algorithm === 'string' ? algorithm : (algorithm as { name?: unknown } | null)?.name;
  if (String(name).toUpperCase() !== 'HMAC') throw new DOMException('only HMAC is supported', 'NotSupportedError');
}

class CryptoKey {
  readonly type = 'secret';
  readonly extractable = false;
  readonly usages: string[];
  readonly algorithm: { name: string; hash: { name: string } };
  readonly #bytes: string;
  constructor(bytes: string, hash: string, usages: string[]) {
    this.#bytes = bytes;
    this.usages = usages;
    this.algorithm = { name: 'HMAC', hash: { name: hash } };
  }
  static sign(key: CryptoKey, usage: string, data: unknown): string {
    if (!key.usages.includes(usage)) throw new DOMException('the key may not be used so', 'InvalidAccessError');
    return compute('hmac', JSON.stringify([key.algorithm.hash.name, key.#bytes, bytesToLatin1(viewBytes(data))]));
  }
}

const subtle = Object.freeze({
  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    return latin1ToBytes(compute('digest', JSON.stringify([hashName(algorithm), bytesToLatin1(viewBytes(data))])))
      .buffer;
  },
  async importKey(
    format: unknown,
    data: unknown,
    algorithm: { hash?: unknown },
    _extractable: unknown,
    usages: string[],
  ): Promise<CryptoKey> {
    requireHmac(algorithm);
    if (format !== 'raw') throw new DOMException('only raw keys are supported', 'NotSupportedError');
    return new CryptoKey(bytesToLatin1(viewBytes(data)), hashName(algorithm.hash), [...usages]);
  },
  async sign(algorithm: unknown, key: CryptoKey, data: unknown): Promise<ArrayBuffer> {
    requireHmac(algorithm);
    return latin1ToBytes(CryptoKey.sign(key, 'sign', data)).buffer;
  },
  async verify(algorithm: unknown, key: CryptoKey, signature: unknown, data: unknown): Promise<boolean> {
    requireHmac(algorithm);
    const expected = CryptoKey.sign(key, 'verify', data);
    const given = bytesToLatin1(viewBytes(signature));
    // No early exit: the time must not tell how much of a guess was right.
    let difference = expected.length ^ given.length;
    for (let i = 0; i < expected.length; i += 1)
      difference |= expected.charCodeAt(i) ^ given.charCodeAt(i % (given.length || 1));
    return difference === 0;
  },
});

function random(count: number): Uint8Array {
  return latin1ToBytes(compute('random', String(count)));
}

export const crypto = Object.freeze({
  subtle,
  getRandomValues<T>(array: T): T {
    if (!isBytes(array) || !ArrayBuffer.isView(array)) throw new TypeError('expected an integer array');
    const bytes = viewBytes(array);
    if (bytes.length > 65_536) throw new DOMException('65,536 bytes at most', 'QuotaExceededError');
    bytes.set(random(bytes.length));
    return array;
  },
  randomUUID(): string {
    const bytes = random(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
});
