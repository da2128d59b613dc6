import type { HeldSecret } from './held-secrets.ts';

/** Shorter secrets would be found in ordinary text and damage it. */
const shortestMasked = 8;

/**
 * Servers mirror requests (debug endpoints, error pages). What this exchange put in is taken out of what comes back, so that
 * the plugin reads its placeholder. It stops plain mirrors, not a server that re-encodes: a secret is bound to hosts one trusts with it.
 */
export class SecretMask {
  readonly #needles: { value: string; bytes: Buffer; placeholder: string }[];
  readonly #longest: number;
  /** By byte: 1 where a secret has that byte before its end, so that a chunk could stop behind it. */
  readonly #inside = new Uint8Array(256);
  #carry: Buffer | undefined;

  constructor(secrets: readonly HeldSecret[]) {
    const forms = secrets.flatMap(({ value, placeholder }) =>
      [...new Set([value, encodeURIComponent(value)])].map((form) => ({ value: form, placeholder })),
    );
    this.#needles = forms
      .filter(({ value }) => value.length >= shortestMasked)
      .map((form) => ({ ...form, bytes: Buffer.from(form.value) }));
    for (const { bytes } of this.#needles) for (const byte of bytes.subarray(0, -1)) this.#inside[byte] = 1;
    this.#longest = Math.max(0, ...this.#needles.map(({ bytes }) => bytes.length));
  }

  get isEmpty(): boolean {
    return this.#needles.length === 0;
  }

  text(text: string): string {
    for (const { value, placeholder } of this.#needles) text = text.replaceAll(value, placeholder);
    return text;
  }

  /** Keeps back an end that could be the beginning of a secret. May answer with no bytes at all. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#carry ? Buffer.concat([this.#carry, chunk]) : chunk;
    this.#carry = undefined;
    const masked = this.#replace(bytes);
    const kept = this.#beginningAtEnd(masked);
    if (kept === 0) return masked;
    this.#carry = masked.subarray(masked.length - kept);
    return masked.subarray(0, masked.length - kept);
  }

  end(): Buffer | undefined {
    const rest = this.#carry;
    this.#carry = undefined;
    return rest;
  }

  #replace(bytes: Buffer): Buffer {
    for (const needle of this.#needles) {
      if (bytes.indexOf(needle.bytes) < 0) continue;
      // Latin-1 maps every byte to one character and back, so other bytes pass unchanged.
      const text = bytes.toString('latin1').replaceAll(needle.bytes.toString('latin1'), needle.placeholder);
      bytes = Buffer.from(text, 'latin1');
    }
    return bytes;
  }

  #beginningAtEnd(bytes: Buffer): number {
    // The end of an event, a line or a JSON text is in no secret: nearly every chunk is done here.
    if (this.#inside[bytes[bytes.length - 1] ?? 0] === 0) return 0;
    let kept = 0;
    const from = Math.max(0, bytes.length - this.#longest + 1);
    for (const { bytes: needle } of this.#needles) {
      const first = needle[0] ?? 0;
      for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
        const length = bytes.length - at;
        if (length < needle.length && bytes.compare(needle, 0, length, at) === 0) {
          kept = Math.max(kept, length);
          break;
        }
      }
    }
    return kept;
  }
}
