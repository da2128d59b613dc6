import type { Model } from '@parley/sdk/contract';
import { pageWire } from './page-wire.ts';
import type { Wire } from './wire.ts';

/** What a person may choose from; it follows what admins change. */
export class ModelList {
  #list = $state.raw<readonly Model[] | null>(null);
  #problem = $state.raw<unknown>(null);
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
    wire.on('models:changed', () => void this.load());
  }

  /** Null while it is not known. */
  get list(): readonly Model[] | null {
    return this.#list;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get default(): Model | undefined {
    return this.#list?.find((model) => model.isDefault) ?? this.#list?.[0];
  }

  /** The model with this id; the default one for null. */
  of(id: string | null): Model | undefined {
    return id === null ? this.default : this.#list?.find((model) => model.id === id);
  }
  /** A name for any id, also of a model that is gone. */
  nameOf(id: string | null): string {
    return this.of(id)?.name ?? id?.split('/').at(-1) ?? '';
  }

  async load(): Promise<void> {
    try {
      this.#list = await this.#wire.http('GET /api/models');
      this.#problem = null;
    } catch (error) {
      this.#problem = error;
    }
  }
}

export const models = new ModelList(pageWire);
