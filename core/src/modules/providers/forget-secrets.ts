import type { ClientBase } from 'pg';

/** After the key they were sealed with is gone: admins enter them again. */
export async function forgetSecrets(client: ClientBase): Promise<void> {
  await client.query(`update provider_connection set secrets = '{}'`);
}
