import { randomBytes } from 'node:crypto';

export interface VersionListeners {
  renewed(tag: string): void;
  /** News may have been missed: nothing that is remembered here can be relied on. */
  missed(): void;
}

/**
 * What stands for the present state of a tag. Values are stored under the versions that held when their load began, so a load
 * that an invalidation has overtaken is stored where nobody looks any more. That needs no clock that all instances agree on.
 */
export interface TagVersions {
  /** Of all these tags together. */
  of(tags: readonly string[]): Promise<string>;
  /**
   * Nobody here sees the old versions from this call on, nobody elsewhere once it resolves and the news has travelled. False: the others
   * could not be told, and will be later.
   */
  renew(tags: readonly string[]): Promise<boolean>;
  /** Whether every invalidation is heard of, wherever it happens. */
  hearsAll(): boolean;
  stop(): void;
}

/** Makes versions that no instance ever makes again. */
export function versionMaker(): () => string {
  const self = randomBytes(9).toString('base64url');
  let count = 0;
  return () => `${self}.${(count += 1).toString(36)}`;
}

/** A bounded memory of versions. One that was dropped is made or asked for anew, which costs a load and never a stale value. */
export class KnownVersions {
  readonly #versions = new Map<string, string>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(tag: string): string | undefined {
    const version = this.#versions.get(tag);
    if (version === undefined) return undefined;
    this.#versions.delete(tag);
    this.#versions.set(tag, version);
    return version;
  }
  set(tag: string, version: string): void {
    this.#versions.delete(tag);
    this.#versions.set(tag, version);
    if (this.#versions.size > this.#max) this.#versions.delete(this.#versions.keys().next().value!);
  }
  clear(): void {
    this.#versions.clear();
  }
}
