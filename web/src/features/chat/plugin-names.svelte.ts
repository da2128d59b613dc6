import { ApiError, type HttpClient } from '@parley/sdk/client';
import { http } from '../../api/http.ts';

/** What installed plugins are called; traces, failures and flags hold references. */
export class PluginNames {
  #names = $state.raw<ReadonlyMap<string, string> | null>(null);
  #loading: Promise<void> | null = null;
  readonly #http: HttpClient;

  constructor(client: HttpClient) {
    this.#http = client;
  }

  /** The name behind `publisher.name` or `publisher.name/local-id`; undefined while it is not known, or when the plugin is gone. */
  of(reference: string): string | undefined {
    return this.#names?.get(reference.split('/', 1)[0] ?? '');
  }

  /** Asks once. Where no answer came, the next who needs a name asks again: a reference says enough until then. */
  need(): Promise<void> {
    this.#loading ??= this.#http('GET /api/plugins').then(
      (list) => void (this.#names = new Map(list.map(({ id, name }) => [id, name]))),
      (error: unknown) => {
        this.#loading = null;
        if (!(error instanceof ApiError)) throw error;
      },
    );
    return this.#loading;
  }
}

export const pluginNames = new PluginNames(http);
