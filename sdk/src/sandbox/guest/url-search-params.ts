import { encodeUtf8, Utf8Decoder } from './utf8.ts';
import { latin1ToBytes } from './latin1.ts';

/** application/x-www-form-urlencoded, as the URL standard writes it. */
function encode(text: string): string {
  let result = '';
  for (const byte of encodeUtf8(text)) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9*\-._]/.test(character)) result += character;
    else result += byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  let latin1 = '';
  for (const byte of encodeUtf8(spaced)) latin1 += String.fromCharCode(byte);
  const bytes = latin1ToBytes(
    latin1.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))),
  );
  const decoder = new Utf8Decoder(false);
  return decoder.write(bytes) + decoder.end();
}

export class URLSearchParams {
  #pairs: [string, string][] = [];
  /** Set by the URL that owns these parameters. */
  onChange: ((query: string) => void) | undefined;

  constructor(init: unknown = '') {
    if (typeof init === 'object' && init !== null) {
      const pairs = Symbol.iterator in init ? (init as Iterable<[unknown, unknown]>) : Object.entries(init);
      for (const pair of pairs) {
        const [name, value, ...rest] = [...pair];
        if (value === undefined || rest.length > 0) throw new TypeError('each pair needs a name and a value');
        this.#pairs.push([String(name), String(value)]);
      }
    } else this.replace(String(init));
    Object.defineProperty(this, 'onChange', { enumerable: false });
  }

  /** Reads a query anew without telling the owner. */
  replace(query: string): void {
    this.#pairs = query
      .replace(/^\?/, '')
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
      });
  }

  get size(): number {
    return this.#pairs.length;
  }
  append(name: string, value: string): void {
    this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }
  delete(name: string, value?: string): void {
    this.#pairs = this.#pairs.filter(
      (pair) => pair[0] !== String(name) || (value !== undefined && pair[1] !== String(value)),
    );
    this.#changed();
  }
  get(name: string): string | null {
    return this.#pairs.find((pair) => pair[0] === String(name))?.[1] ?? null;
  }
  getAll(name: string): string[] {
    return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]);
  }
  has(name: string, value?: string): boolean {
    return this.#pairs.some((pair) => pair[0] === String(name) && (value === undefined || pair[1] === String(value)));
  }
  set(name: string, value: string): void {
    const first = this.#pairs.find((pair) => pair[0] === String(name));
    if (first === undefined) this.#pairs.push([String(name), String(value)]);
    else {
      first[1] = String(value);
      this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== String(name));
    }
    this.#changed();
  }
  sort(): void {
    this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this.#changed();
  }
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.#pairs) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
  toString(): string {
    return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }
  #changed(): void {
    this.onChange?.(this.toString());
  }
}
