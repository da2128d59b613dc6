import type { AuthPolicy } from '@parley/sdk/contract';
import { http } from './http.ts';

/** What the installation calls itself and who may join. */
class Instance {
  #policy = $state.raw<AuthPolicy | null>(null);

  get name(): string {
    return this.#policy?.instanceName ?? 'Parley';
  }
  get policy(): AuthPolicy | null {
    return this.#policy;
  }

  /** Always asked afresh: the policy may have changed, and setup ends with the first admin. */
  async load(): Promise<AuthPolicy> {
    this.#policy = await http('GET /api/auth/policy');
    return this.#policy;
  }
}

export const instance = new Instance();
