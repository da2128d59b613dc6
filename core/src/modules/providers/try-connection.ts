import type { ModelInfo } from '@parley/sdk/plugin';
import { SandboxFailure, type SandboxHost } from '@parley/sdk/sandbox';
import { z } from 'zod';
import type { LiveConnection } from './model-catalogue.ts';

const Models = z
  .array(
    z.object({
      id: z.string().min(1).max(200),
      name: z.string().max(200).optional().catch(undefined),
      contextTokens: z.int().positive().optional().catch(undefined),
      vision: z.boolean().optional().catch(undefined),
      tools: z.boolean().optional().catch(undefined),
    }),
  )
  .max(5_000);

export type ModelsAnswer =
  | { ok: true; models: ModelInfo[]; ms: number }
  | { ok: false; code: string; detail: string; data?: Record<string, string>; ms: number };

/** Asks the connection's server for its models, for an admin who waits: that proves address and key at once. */
export async function askForModels(
  sandbox: SandboxHost,
  connection: LiveConnection,
  adminId: string,
): Promise<ModelsAnswer> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const answer = await sandbox.call({
      plugin: connection.plugin,
      kind: 'providers',
      contribution: connection.contribution,
      method: 'listModels',
      input: undefined,
      context: {
        locale: 'en',
        timeZone: 'UTC',
        now: new Date().toISOString(),
        connection: { settings: connection.settings },
      },
      connection: { network: connection.network, secrets: connection.secrets },
      subject: { userId: adminId },
      deadlineMs: 15_000,
    });
    const parsed = Models.safeParse(answer);
    if (!parsed.success)
      return { ok: false, code: 'invalid-answer', detail: 'The plugin gave no list of models.', ms: ms() };
    return { ok: true, models: parsed.data, ms: ms() };
  } catch (error) {
    if (!(error instanceof SandboxFailure)) throw error;
    return { ok: false, code: error.code, detail: error.detail ?? error.message, ms: ms() };
  }
}
