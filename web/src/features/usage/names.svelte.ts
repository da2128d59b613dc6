import { ApiError, http } from '../../api/http.ts';

/** What models and plugins are called; the figures hold their ids. */
class Names {
  #models = $state.raw<ReadonlyMap<string, string>>(new Map());
  #plugins = $state.raw<ReadonlyMap<string, string>>(new Map());

  /** The id where the name is not known, or belongs to something that is gone. */
  model(id: string): string {
    return this.#models.get(id) ?? id;
  }
  plugin(id: string): string {
    return this.#plugins.get(id) ?? id;
  }

  async load(): Promise<void> {
    try {
      const [models, plugins] = await Promise.all([http('GET /api/models'), http('GET /api/plugins')]);
      this.#models = new Map(models.map(({ id, name }) => [id, name]));
      this.#plugins = new Map(plugins.map(({ id, name }) => [id, name]));
    } catch (error) {
      // Ids say enough.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

export const names = new Names();
