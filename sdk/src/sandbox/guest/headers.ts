const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkedName(name: unknown): string {
  const text = String(name);
  if (!namePattern.test(text)) throw new TypeError('invalid header name');
  return text.toLowerCase();
}
function checkedValue(value: unknown): string {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\r\n]/.test(text)) throw new TypeError('invalid header value');
  return text;
}

export type HeadersInit = Headers | Iterable<readonly [string, string]> | Record<string, string>;

export class Headers {
  readonly #values: Map<string, string[]> = new Map();

  constructor(init?: HeadersInit | null) {
    if (init === undefined || init === null) return;
    const pairs =
      Symbol.iterator in Object(init) ? (init as Iterable<readonly [string, string]>) : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = checkedName(name);
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, [checkedValue(value)]);
    else known.push(checkedValue(value));
  }
  set(name: string, value: string): void {
    this.#values.set(checkedName(name), [checkedValue(value)]);
  }
  get(name: string): string | null {
    return this.#values.get(checkedName(name))?.join(', ') ?? null;
  }
  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])];
  }
  has(name: string): boolean {
    return this.#values.has(checkedName(name));
  }
  delete(name: string): void {
    this.#values.delete(checkedName(name));
  }
  forEach(callback: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this) callback(value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.#values.keys()].toSorted()) {
      const values = this.#values.get(name)!;
      if (name === 'set-cookie') for (const value of values) yield [name, value];
      else yield [name, values.join(', ')];
    }
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}
