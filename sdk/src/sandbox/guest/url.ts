import { compute } from './host-function.ts';
import { HostError } from './host-error.ts';
import { URLSearchParams } from './url-search-params.ts';

interface Parts {
  href: string;
  origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
}
type Settable = Exclude<keyof Parts, 'origin'>;

/** Parsed by the host, whose parser is the standard's: what the plugin sees is what the egress guard will see. */
function parse(payload: (string | null)[]): Parts {
  try {
    return JSON.parse(compute('url', JSON.stringify(payload))) as Parts;
  } catch (fault) {
    if (fault instanceof HostError && fault.code === 'host.invalid')
      throw new TypeError('Invalid URL', { cause: fault });
    throw fault;
  }
}

export class URL {
  #parts: Parts;
  #params: URLSearchParams | undefined;

  constructor(url: unknown, base?: unknown) {
    this.#parts = parse([String(url), base === undefined ? null : String(base)]);
  }
  static canParse(url: unknown, base?: unknown): boolean {
    return URL.parse(url, base) !== null;
  }
  static parse(url: unknown, base?: unknown): URL | null {
    try {
      return new URL(url, base);
    } catch (fault) {
      if (fault instanceof TypeError) return null;
      throw fault;
    }
  }

  #set(name: Settable, value: unknown): void {
    this.#parts = parse([this.#parts.href, null, name, String(value)]);
    if (name !== 'hash') this.#params?.replace(this.#parts.search);
  }
  get href(): string {
    return this.#parts.href;
  }
  set href(value: string) {
    this.#set('href', value);
  }
  get origin(): string {
    return this.#parts.origin;
  }
  get protocol(): string {
    return this.#parts.protocol;
  }
  set protocol(value: string) {
    this.#set('protocol', value);
  }
  get username(): string {
    return this.#parts.username;
  }
  set username(value: string) {
    this.#set('username', value);
  }
  get password(): string {
    return this.#parts.password;
  }
  set password(value: string) {
    this.#set('password', value);
  }
  get host(): string {
    return this.#parts.host;
  }
  set host(value: string) {
    this.#set('host', value);
  }
  get hostname(): string {
    return this.#parts.hostname;
  }
  set hostname(value: string) {
    this.#set('hostname', value);
  }
  get port(): string {
    return this.#parts.port;
  }
  set port(value: string) {
    this.#set('port', value);
  }
  get pathname(): string {
    return this.#parts.pathname;
  }
  set pathname(value: string) {
    this.#set('pathname', value);
  }
  get search(): string {
    return this.#parts.search;
  }
  set search(value: string) {
    this.#set('search', value);
  }
  get hash(): string {
    return this.#parts.hash;
  }
  set hash(value: string) {
    this.#set('hash', value);
  }
  get searchParams(): URLSearchParams {
    if (this.#params === undefined) {
      this.#params = new URLSearchParams(this.#parts.search);
      this.#params.onChange = (query) => {
        this.#parts = parse([this.#parts.href, null, 'search', query]);
      };
    }
    return this.#params;
  }
  toString(): string {
    return this.#parts.href;
  }
  toJSON(): string {
    return this.#parts.href;
  }
}
